// Writing JSON by hand where a tree of values would cost more than the text: append-only, any thread.
#pragma once

#include <string>
#include <string_view>

#include "rules/model/value.hpp"

namespace coachd::cli {

/// With quotes and escapes. Bytes that are no UTF-8 must not come here.
void append_json(std::string& out, std::string_view text);
/// `"key":"text"` with a comma before unless it is the first of its object.
void append_pair(std::string& out, std::string_view key, std::string_view text);
void append_pair(std::string& out, std::string_view key, std::uint64_t number);
void append_pair(std::string& out, std::string_view key, bool value);
void append_null(std::string& out, std::string_view key);
/// A comma, unless what comes is the first.
void separate(std::string& out);
void append_key(std::string& out, std::string_view key);
/// Numbers as numbers, checkboxes as booleans, blank and unread as null, all else as text.
void append_json(std::string& out, const model::Value& v);

}  // namespace coachd::cli
