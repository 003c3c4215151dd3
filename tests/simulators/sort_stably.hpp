// A stable sort by key. std::stable_sort of libstdc++ 12 warns with clang 19 (get_temporary_buffer).
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

namespace coachd::sim {

// Sorts by what `key` gives for an element, equal ones in their old order.
template <class Element, class Key>
void sort_stably(std::vector<Element>& elements, Key key) {
  std::vector<std::size_t> order(elements.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const auto& x = std::invoke(key, elements[a]);
    const auto& y = std::invoke(key, elements[b]);
    return x < y || (!(y < x) && a < b);
  });
  std::vector<Element> sorted;
  sorted.reserve(elements.size());
  for (const auto i : order) sorted.push_back(std::move(elements[i]));
  elements = std::move(sorted);
}

}  // namespace coachd::sim
