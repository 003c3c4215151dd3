// Names, domains and telephone numbers of companies in the form in which two writings of one company are equal. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coachd::rules {

/// Folded words of letters and digits, accents off (ü is ue), in order.
[[nodiscard]] std::vector<std::string> plain_words(std::string_view text);

/// `Müller Maschinenbau GmbH & Co. KG` and `MUELLER MASCHINENBAU` are both `mueller maschinenbau`: without legal forms,
/// articles and "and". A name that is nothing else keeps its words.
[[nodiscard]] std::string company_name(std::string_view text);

/// `https://www.Acme.com/en` and `info@acme.com` are both `acme.com`; "" for none, and for domains that everybody may
/// have an address under (gmail.com).
[[nodiscard]] std::string company_domain(std::string_view text);

/// The last nine digits of a telephone number; "" where there are fewer than seven, or all are the same.
[[nodiscard]] std::string phone_digits(std::string_view text);

/// How alike two names as `company_name` makes them are, between 0 and 1: by the letters that must be changed. Names
/// whose digits differ are not alike at all: shop 12 is not shop 13.
[[nodiscard]] double likeness(std::string_view a, std::string_view b);

}  // namespace coachd::rules
