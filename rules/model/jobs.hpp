// coachd's words for what a person does in a company.
#pragma once

#include <initializer_list>
#include <string_view>

namespace coachd::model {

inline constexpr std::initializer_list<std::string_view> jobs = {
    "rep", "manager", "marketing", "customer_success", "finance", "executive", "revops"};

}  // namespace coachd::model
