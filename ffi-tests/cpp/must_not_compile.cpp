// Misuse that the compiler must refuse, and its twins that it must accept. Each line is decided at compile time; a wrong
// answer stops the build.
#include "check.hpp"

#include <list>
#include <memory>
#include <string>
#include <type_traits>

using namespace strided;

namespace {

#define COMPILES(...)                                       \
  do {                                                      \
    static_assert((__VA_ARGS__), "this must compile");      \
    CHECK((__VA_ARGS__));                                   \
  } while (false)
#define REFUSED(...)                                        \
  do {                                                      \
    static_assert(!(__VA_ARGS__), "this must not compile"); \
    CHECK(!(__VA_ARGS__));                                  \
  } while (false)

// Detectors, one expression each.
template <class A>
using view_call = decltype(std::declval<A>().view());
template <class A>
using as_call = decltype(std::declval<A>().template as<double, 2>());
template <class V, class... I>
using call = decltype(std::declval<V>()(std::declval<I>()...));
template <class V, class... I>
using at_call = decltype(std::declval<V>().at(std::declval<I>()...));
template <class V, class I>
using bracket_call = decltype(std::declval<V>()[std::declval<I>()]);
template <class V, class X>
using assign_first = decltype(*std::declval<V>().data() = std::declval<X>());
template <class... I>
using index_call = decltype(std::declval<const view&>().index(std::declval<I>()...));
template <class T>
using dtype_call = decltype(dtype_of<T>());
template <class T>
using of_call = decltype(view::of(std::declval<T>(), std::declval<dims>(), order::C));
template <class H>
using order_call = decltype(array::zeros(dtype::f64, std::declval<dims>(), std::declval<H>()));
template <class... A>
using zeros_call = decltype(array::zeros<double>(std::declval<A>()...));
template <class F>
using adopt_call = decltype(array::adopt(std::declval<const view&>(), std::declval<F>()));
template <class T>
using fill_call = decltype(fill(std::declval<const view&>(), std::declval<T>()));
template <class A, class B>
using copy_call = decltype(copy(std::declval<A>(), std::declval<B>()));
template <class F, class... V>
using for_each_call = decltype(for_each(std::declval<F>(), std::declval<V>()...));
template <class F, class... V>
using for_each_double_call = decltype(for_each<double, const double>(std::declval<F>(), std::declval<V>()...));
template <class A>
using sum_call = decltype(sum(std::declval<A>()));

template <class Nothing, template <class...> class D, class... A>
struct detects : std::false_type {};
template <template <class...> class D, class... A>
struct detects<std::void_t<D<A...>>, D, A...> : std::true_type {};
template <template <class...> class D, class... A>
inline constexpr bool ok = detects<void, D, A...>::value;

using typed = view_of<double, 2>;
using reading = view_of<const double, 2>;

void lifetimes() {
  COMPILES(ok<view_call, array&>);
  COMPILES(ok<view_call, const array&>);
  REFUSED(ok<view_call, array>);  // a view of a temporary's memory
  REFUSED(ok<view_call, const array>);
  COMPILES(ok<as_call, array&>);
  REFUSED(ok<as_call, array>);
  COMPILES(std::is_convertible_v<array&, view>);
  REFUSED(std::is_convertible_v<array, view>);
  REFUSED(std::is_constructible_v<view, array>);
  REFUSED(std::is_constructible_v<typed, array>);
  COMPILES(ok<copy_call, array, view&>);  // temporaries may be computed with
  COMPILES(ok<sum_call, array>);
  REFUSED(std::is_copy_constructible_v<operand>);  // not for storing
  REFUSED(std::is_copy_assignable_v<operand>);
}

void constness() {
  COMPILES(std::is_convertible_v<typed, reading>);
  REFUSED(std::is_constructible_v<typed, reading>);
  REFUSED(std::is_assignable_v<typed&, reading>);
  REFUSED(std::is_constructible_v<view_of<double, 1>, typed>);  // another rank
  REFUSED(std::is_constructible_v<view_of<const float, 2>, typed>);
  COMPILES(ok<assign_first, typed, double>);
  REFUSED(ok<assign_first, reading, double>);
  COMPILES(std::is_same_v<call<const typed&, int, int>, double&>);  // const like a pointer is
  COMPILES(std::is_same_v<call<reading, int, int>, const double&>);
  COMPILES(std::is_constructible_v<reading, const double*, dims, order>);
  REFUSED(std::is_constructible_v<typed, const double*, dims, order>);
  REFUSED(std::is_constructible_v<view, const double*, dtype, dims, order>);  // view::of makes it read-only
  COMPILES(std::is_constructible_v<view, const void*, dtype, dims, order>);
  COMPILES(std::is_same_v<decltype(std::declval<view&>().data()), const void*>);
  REFUSED(std::is_convertible_v<view, typed>);  // checks and may throw: only when said
}

void element_access() {
  COMPILES(ok<call, typed, int, std::size_t>);
  REFUSED(ok<call, typed, int>);
  REFUSED(ok<call, typed, int, int, int>);
  REFUSED(ok<call, typed, double, int>);
  REFUSED(ok<call, typed, bool, int>);
  REFUSED(ok<call, typed, char, int>);
  REFUSED(ok<call, typed, std::nullptr_t, int>);
  REFUSED(ok<at_call, typed, int>);
  COMPILES(ok<at_call, view_of<int, 0>>);
  COMPILES(ok<bracket_call, view_of<int, 1>, int>);
  REFUSED(ok<bracket_call, typed, int>);
  REFUSED(ok<bracket_call, view_of<int, 1>, float>);
}

void types() {
  COMPILES(ok<dtype_call, const double>);
  COMPILES(ok<dtype_call, long double>);
  REFUSED(ok<dtype_call, std::string>);
  REFUSED(ok<dtype_call, double&>);
  REFUSED(ok<dtype_call, double[3]>);
  REFUSED(ok<dtype_call, void>);
  COMPILES(ok<of_call, const int*>);
  REFUSED(ok<of_call, std::string*>);
  REFUSED(ok<of_call, std::unique_ptr<int>*>);
  REFUSED(ok<of_call, void*>);
  COMPILES(ok<fill_call, std::complex<float>>);
  REFUSED(ok<fill_call, std::string>);
}

void arguments() {
  COMPILES(ok<order_call, order>);
  REFUSED(ok<order_call, int>);  // enumerators are no integers
  REFUSED(ok<order_call, casting>);
  REFUSED(ok<order_call, char>);
  REFUSED(ok<zeros_call, dims>);  // the order is said
  COMPILES(ok<zeros_call, dims, order>);
  COMPILES(std::is_constructible_v<dims, int, std::size_t, long>);
  COMPILES(std::is_constructible_v<dims, const std::list<short>&>);
  REFUSED(std::is_constructible_v<dims, double, int>);
  REFUSED(std::is_constructible_v<dims, bool>);
  REFUSED(std::is_constructible_v<dims, std::string>);
  REFUSED(std::is_constructible_v<dims, std::vector<double>>);
  COMPILES(ok<index_call, int, range, newaxis_t, ellipsis_t>);
  REFUSED(ok<index_call, double>);
  REFUSED(ok<index_call, bool>);
  REFUSED(ok<index_call, const char*>);
  REFUSED(std::is_constructible_v<range, double, double>);
}

void callables() {
  const auto release = [] {};
  const auto wants_more = [](int) {};
  const auto once = [p = std::unique_ptr<int>()] { static_cast<void>(p); };
  COMPILES(ok<adopt_call, decltype(release)>);
  COMPILES(ok<adopt_call, std::remove_const_t<decltype(once)>>);
  REFUSED(ok<adopt_call, decltype(wants_more)>);
  REFUSED(ok<adopt_call, int>);

  const auto two = [](double&, const double&) {};
  COMPILES(ok<for_each_call, decltype(two), typed, reading>);
  COMPILES(ok<for_each_call, decltype(two), typed, typed>);
  REFUSED(ok<for_each_call, decltype(two), reading, typed>);  // would write through const
  REFUSED(ok<for_each_call, decltype(two), typed>);
  REFUSED(ok<for_each_call, decltype(two)>);
  REFUSED(ok<for_each_call, decltype(two), view, view>);  // element types not named
  COMPILES(ok<for_each_double_call, decltype(two), view, array>);
  REFUSED(ok<for_each_double_call, decltype(two), view>);
  REFUSED(ok<for_each_double_call, decltype(two), view, int>);
}

void what_values_cost() {
  COMPILES(std::is_nothrow_copy_constructible_v<view>);
  COMPILES(std::is_nothrow_move_constructible_v<array>);
  COMPILES(std::is_nothrow_move_assignable_v<array>);
  COMPILES(std::is_nothrow_swappable_v<array>);
  COMPILES(sizeof(array) == sizeof(void*));
  COMPILES(sizeof(typed) == 5 * sizeof(void*));
  COMPILES(std::is_trivially_copyable_v<typed>);
  COMPILES(std::is_standard_layout_v<view>);
  COMPILES(sizeof(view) == sizeof(strided_view));
}

}  // namespace

int main() {
  return checks::run(lifetimes, constness, element_access, types, arguments, callables, what_values_cost);
}
