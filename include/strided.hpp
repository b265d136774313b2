// strided.hpp: libstrided for C++17 and later. Header-only, over the C interface of strided.h.
// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef STRIDED_HPP
#define STRIDED_HPP
/*
 THE MANUAL

 One block of memory; many ways to look at it. A view says where element [0, 0, ...] lies, what type the elements have,
 how many there are along each axis (extents, the shape) and how far apart they are (strides). Slicing, transposing,
 flipping or broadcasting makes a new view and moves no data. C order and Fortran order are only different strides.

     strided::array          owns: a share in a reference-counted block of memory (ours, or adopted from anybody)
        |  .view()
        v
     strided::view           looks: dtype, rank and layout known at run time; byte strides; the view algebra lives here
        |  .as<double, 2>()
        v
     strided::view_of<T, N>  element access: type and rank known at compile time; checked once, then as fast as a pointer

     strided::copy, fill, add, sum, for_each ...   compute on any mix of the three

     #include <strided.hpp>
     using namespace strided;

     double field[3][4] = {...};
     view v = view::of(&field[0][0], {3, 4}, order::C);      // no copy: v.data() == field
     view t = v.index(range(0, 2), ellipsis).transpose();    // still the same memory
     array sums = sum(t, {0});                               // a new array, shape (2)
     add(t, sums, t);                                        // t += sums, broadcast; overlap is taken care of
     view_of<double, 2> m(t);
     m(3, 1) = 0.0;                                          // element access
     std::cout << t << '\n';                                 // printed as NumPy would

 Rules that hold everywhere
 - Lifetime. A view borrows: the memory must outlive it, as with a pointer or a std::span. An array owns a share, so
   `.view()` of a temporary array does not compile. Functions that compute take temporaries: sum(add(a, b), {0}).
 - Constness. `const view` is like `double *const`: the view is fixed, the elements are not. What forbids writing is
   the view's own flag, which every function obeys at run time (error STRIDED_E_READONLY); views made of `const T *`
   have it, and so have broadcast_to and sliding_window. In view_of<const T, N> the compiler sees to it.
 - Units. Shapes count elements. Strides of `view` are in bytes (as in C and NumPy), strides of `view_of` in elements.
   Axes and indices count from 0; negative ones count from the end, where a view operation takes them.
 - Order is said, never guessed: whatever lays out memory takes order::C, F, A or K.
 - Errors are exceptions of type strided::error with the status and the message of the C library. A function that
   throws has written nothing. There is no -fno-exceptions mode.
 - Aliasing. Results are as if all inputs were read before anything is written. An output whose elements share memory
   with each other is refused. for_each runs your code and does not make this promise.
 - Threads. Views are values. Arrays may be copied and destroyed from several threads (the share count is atomic); one
   array object, like any C++ object, must not be written by one thread while another uses it. Element data is yours
   to guard. Functions take no locks.
 - Cost. A view is a 1 KB object (room for 64 axes) of which only the used entries are ever copied: pass it by const
   reference. Making a view allocates nothing.

 Contents: 1 errors, 2 types, 3 lists of integers, 4 subscripts, 5 view, 6 view_of, 7 array, 8 computing, 9 for_each,
 10 mdspan.
*/

#include "strided.h"

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <iterator>
#include <limits>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>
#if defined(__has_include)
#if __has_include(<version>)
#include <version>
#endif
#if defined(__STDCPP_FLOAT16_T__) || defined(__STDCPP_BFLOAT16_T__)
#include <stdfloat>
#endif
#endif


// Which namespace has mdspan: define STRIDED_MDSPAN_NAMESPACE (such as Kokkos) after including an mdspan of your own, or
// STRIDED_NO_MDSPAN to leave mdspan out. Otherwise the standard one is used from C++23 on, or the reference
// implementation where the compiler finds it.
#if !defined(STRIDED_NO_MDSPAN) && !defined(STRIDED_MDSPAN_NAMESPACE) && defined(__has_include)
#if __cplusplus > 202002L && __has_include(<mdspan>)
#include <mdspan>
#endif
#if defined(__cpp_lib_mdspan)
#define STRIDED_MDSPAN_NAMESPACE ::std
#elif __has_include(<mdspan/mdspan.hpp>)
#include <mdspan/mdspan.hpp>
#define STRIDED_MDSPAN_NAMESPACE ::MDSPAN_IMPL_STANDARD_NAMESPACE
#elif __has_include(<experimental/mdspan>)
#include <experimental/mdspan>
#define STRIDED_MDSPAN_NAMESPACE ::std::experimental
#endif
#endif
#if !defined(STRIDED_NO_MDSPAN) && defined(STRIDED_MDSPAN_NAMESPACE)
#define STRIDED_HAS_MDSPAN 1  ///< Section 10 is there.
#else
#define STRIDED_HAS_MDSPAN 0
#endif

#if defined(__GNUC__)
#define STRIDED_COLD_ __attribute__((cold, noinline))
#else
#define STRIDED_COLD_
#endif

namespace strided {

// ---------------------------------------------------------------------------------------------------------------------
// 1. Errors
// ---------------------------------------------------------------------------------------------------------------------

/// What every failed call throws. `what()` is the message of the C library ("function: argument: what is wrong, with the
/// values and the rule"), `status()` one of STRIDED_E_*.
///
///     try { v.reshape({5, 5}, order::C); }
///     catch (const strided::error& e) { std::cerr << e.name() << ": " << e.what() << '\n'; }
class error : public std::runtime_error {
 public:
  error(strided_status status, const std::string& message) : std::runtime_error(message), status_(status) {}
  /// The error of the C call that this thread has just made: takes the message from strided_last_error().
  explicit error(strided_status status) : error(status, strided_last_error()) {}

  [[nodiscard]] strided_status status() const noexcept { return status_; }
  /// The name of the status; static text.
  [[nodiscard]] const char* name() const noexcept { return strided_status_name(status_); }

 private:
  strided_status status_;
};

namespace detail {

[[noreturn]] STRIDED_COLD_ inline void fail(strided_status status) { throw error(status); }

/// Refuses something that only this header knows, in the form of the library's own messages.
[[noreturn]] STRIDED_COLD_ inline void refuse(strided_status status, const char* function, const char* argument,
                                              const std::string& rule) {
  throw error(status, std::string(function) + ": " + argument + ": " + rule);
}

}  // namespace detail

/// Throws the error of a C call that has not succeeded. For direct use of strided.h from C++.
inline void check(strided_status status) {
  if (status != STRIDED_OK) detail::fail(status);
}

/// The version of the library that is loaded, "major.minor.patch" (strided.h has the one compiled against).
[[nodiscard]] inline const char* version() noexcept { return strided_version(); }
/// The vector instructions that the kernels use on this machine: "baseline", "avx2", "avx512" or "neon".
[[nodiscard]] inline const char* simd_level() noexcept { return strided_simd_level(); }
/// How many threads kernels may use (1 at start). Applies to the whole process.
inline void set_num_threads(std::int32_t n) { check(strided_set_num_threads(n)); }

// ---------------------------------------------------------------------------------------------------------------------
// 2. Types: dtype, order, casting
// ---------------------------------------------------------------------------------------------------------------------

/// The type of the elements. `opaque` has any size: records, characters, long double; viewed and copied, not computed on.
enum class dtype : std::int32_t {
  boolean = STRIDED_BOOL,
  i8 = STRIDED_I8,
  i16 = STRIDED_I16,
  i32 = STRIDED_I32,
  i64 = STRIDED_I64,
  u8 = STRIDED_U8,
  u16 = STRIDED_U16,
  u32 = STRIDED_U32,
  u64 = STRIDED_U64,
  f16 = STRIDED_F16,
  bf16 = STRIDED_BF16,
  f32 = STRIDED_F32,
  f64 = STRIDED_F64,
  c64 = STRIDED_C64,    ///< std::complex<float>
  c128 = STRIDED_C128,  ///< std::complex<double>
  opaque = STRIDED_OPAQUE
};

/// In which order memory is laid out, or elements are counted, as NumPy's letters: C row-major (last axis fastest),
/// F column-major, A "F if the input is F and not C, else C", K "as close to the input as possible".
enum class order : std::int32_t { C = STRIDED_ORDER_C, F = STRIDED_ORDER_F, A = STRIDED_ORDER_A, K = STRIDED_ORDER_K };

/// Which conversions are allowed, as in NumPy.
enum class casting : std::int32_t {
  no = STRIDED_CAST_NO,
  equiv = STRIDED_CAST_EQUIV,
  safe = STRIDED_CAST_SAFE,
  same_kind = STRIDED_CAST_SAME_KIND,
  unsafe = STRIDED_CAST_UNSAFE
};

/// The name of a dtype as the library prints it; static text, "unknown" for values that are none.
[[nodiscard]] inline const char* name(dtype type) noexcept {
  return strided_dtype_name(static_cast<std::int32_t>(type));
}
/// Bytes per element; 0 for opaque.
[[nodiscard]] inline std::int64_t size_of(dtype type) noexcept {
  return strided_dtype_size(static_cast<std::int32_t>(type));
}
/// The dtype in which two dtypes meet (NumPy 2's promotion).
[[nodiscard]] inline dtype result_type(dtype a, dtype b) {
  std::int32_t out = 0;
  check(strided_result_type(static_cast<std::int32_t>(a), static_cast<std::int32_t>(b), &out));
  return static_cast<dtype>(out);
}
/// Whether a cast is allowed under a rule.
[[nodiscard]] inline bool can_cast(dtype from, dtype to, casting rule) {
  std::int32_t answer = 0;
  check(strided_can_cast(static_cast<std::int32_t>(from), static_cast<std::int32_t>(to),
                         static_cast<std::int32_t>(rule), &answer));
  return answer != 0;
}

namespace detail {

template <class T, class... Others>
inline constexpr bool is_one_of_v = (std::is_same_v<T, Others> || ...);

/// Characters are integers to C++, but not numbers.
template <class T>
inline constexpr bool is_character_v = is_one_of_v<T, char, wchar_t, char16_t, char32_t
#if defined(__cpp_char8_t)
                                                   ,
                                                   char8_t
#endif
                                                   >;

/// Integers that count or number something.
template <class T>
inline constexpr bool is_count_v =
    std::is_integral_v<T> && !std::is_same_v<T, bool> && !is_character_v<T> && sizeof(T) <= 8;

template <class T>
constexpr dtype find_dtype() noexcept {
  if constexpr (std::is_same_v<T, bool>) {
    static_assert(sizeof(bool) == 1, "libstrided's bool is one byte");
    return dtype::boolean;
  } else if constexpr (is_count_v<T>) {
    constexpr dtype with_sign[] = {dtype::i8, dtype::i16, dtype::i32, dtype::i64};
    constexpr dtype without_sign[] = {dtype::u8, dtype::u16, dtype::u32, dtype::u64};
    constexpr int log2_size = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
    return std::is_signed_v<T> ? with_sign[log2_size] : without_sign[log2_size];
  } else if constexpr (std::is_same_v<T, float>) {
    return dtype::f32;
  } else if constexpr (std::is_same_v<T, double>) {
    return dtype::f64;
  } else if constexpr (std::is_same_v<T, std::complex<float>>) {
    return dtype::c64;
  } else if constexpr (std::is_same_v<T, std::complex<double>>) {
    return dtype::c128;
#if defined(__FLT16_MANT_DIG__) && (defined(__clang__) || __GNUC__ >= 12)
#define STRIDED_HAS_FLOAT16 1
  } else if constexpr (std::is_same_v<T, _Float16>) {
    return dtype::f16;
#endif
#if defined(__STDCPP_FLOAT16_T__)
  } else if constexpr (std::is_same_v<T, std::float16_t>) {
    return dtype::f16;
#endif
#if defined(__STDCPP_BFLOAT16_T__)
  } else if constexpr (std::is_same_v<T, std::bfloat16_t>) {
    return dtype::bf16;
#endif
  } else {
    return dtype::opaque;
  }
}

}  // namespace detail

/// Which dtype a C++ type has. Specialise it for a type of your own that has the bytes of one of ours, such as another
/// library's half or bfloat16; types that are nothing else are opaque records of sizeof(T) bytes.
///
///     template <> struct strided::dtype_traits<Eigen::half> {
///       static constexpr strided::dtype value = strided::dtype::f16;
///     };
template <class T>
struct dtype_traits {
  static constexpr dtype value = detail::find_dtype<T>();
};

/// Whether T can be an element: anything that may be copied byte by byte, and is no reference or function.
template <class T>
inline constexpr bool is_element_v = std::is_object_v<T> && std::is_trivially_copyable_v<T> && !std::is_array_v<T>;

/// The dtype of T, with or without const: dtype_of<double>() == dtype::f64. Does not compile for a T that can not be an
/// element, such as std::string.
template <class T, std::enable_if_t<is_element_v<std::remove_const_t<T>>, int> = 0>
[[nodiscard]] constexpr dtype dtype_of() noexcept {
  return dtype_traits<std::remove_const_t<T>>::value;
}

// ---------------------------------------------------------------------------------------------------------------------
// 3. Lists of integers: shapes, strides, axes
// ---------------------------------------------------------------------------------------------------------------------

namespace detail {

/// Any integer as the signed type To. Values that do not fit become its nearest, which every function then refuses as
/// out of range, instead of wrapping around to something valid.
template <class To, class From>
constexpr To clamp_to(From value) noexcept {
  using limits = std::numeric_limits<To>;
  if constexpr (std::is_unsigned_v<From>) {
    return static_cast<std::uintmax_t>(value) > static_cast<std::uintmax_t>(limits::max()) ? limits::max()
                                                                                          : static_cast<To>(value);
  } else {
    return static_cast<std::intmax_t>(value) > static_cast<std::intmax_t>(limits::max())   ? limits::max()
           : static_cast<std::intmax_t>(value) < static_cast<std::intmax_t>(limits::min()) ? limits::min()
                                                                                           : static_cast<To>(value);
  }
}

template <class C>
using element_of_t = std::remove_cv_t<std::remove_reference_t<decltype(*std::begin(std::declval<const C&>()))>>;

/// Up to 64 integers in place; only the used ones are written or copied.
template <class Int>
class int_list {
 public:
  int_list() noexcept { values_[0] = 0; }

  /// {3, n, 4}: integers of any types.
  template <class... I, std::enable_if_t<(sizeof...(I) > 0) && (is_count_v<I> && ...), int> = 0>
  int_list(I... values) noexcept : count_(sizeof...(I)) {
    static_assert(sizeof...(I) <= STRIDED_MAX_NDIM, "views have at most 64 axes");
    Int* to = values_;
    ((*to++ = clamp_to<Int>(values)), ...);
  }

  /// std::vector<long>, std::array<int, 3>, std::size_t[2] ...
  template <class C, std::enable_if_t<is_count_v<element_of_t<C>>, int> = 0>
  int_list(const C& container) : int_list() {
    for (auto value : container) push(clamp_to<Int>(value));
  }

  int_list(const Int* values, std::size_t count) : int_list() {
    for (std::size_t k = 0; k < count; ++k) push(values[k]);
  }

  int_list(const int_list& other) noexcept : int_list() { assign(other); }
  int_list& operator=(const int_list& other) noexcept {
    if (this != &other) assign(other);
    return *this;
  }

  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] const Int* data() const noexcept { return values_; }
  [[nodiscard]] const Int* begin() const noexcept { return values_; }
  [[nodiscard]] const Int* end() const noexcept { return values_ + count_; }
  /// Not checked.
  [[nodiscard]] Int operator[](std::size_t k) const noexcept { return values_[k]; }
  [[nodiscard]] Int& operator[](std::size_t k) noexcept { return values_[k]; }

  /// Appends; throws beyond 64.
  void push(Int value) {
    if (count_ == STRIDED_MAX_NDIM) refuse(STRIDED_E_NDIM, "list", "values", "views have at most 64 axes");
    values_[count_++] = value;
  }

  /// "(3, 4)"
  [[nodiscard]] std::string to_string() const {
    std::string text = "(";
    for (std::size_t k = 0; k < count_; ++k) {
      if (k > 0) text += ", ";
      text += std::to_string(values_[k]);
    }
    return text + ")";
  }

  friend bool operator==(const int_list& a, const int_list& b) noexcept {
    if (a.count_ != b.count_) return false;
    for (std::size_t k = 0; k < a.count_; ++k) {
      if (a.values_[k] != b.values_[k]) return false;
    }
    return true;
  }
  friend bool operator!=(const int_list& a, const int_list& b) noexcept { return !(a == b); }
  friend std::ostream& operator<<(std::ostream& out, const int_list& list) { return out << list.to_string(); }

 private:
  void assign(const int_list& other) noexcept {
    count_ = other.count_;
    for (std::size_t k = 0; k < count_; ++k) values_[k] = other.values_[k];
  }

  std::size_t count_ = 0;
  Int values_[STRIDED_MAX_NDIM];
};

}  // namespace detail

/// A shape, or strides: one integer per axis, {} for none. Made from braces, or from any container of integers.
class dims : public detail::int_list<std::int64_t> {
 public:
  using detail::int_list<std::int64_t>::int_list;
};

/// Some axes; negative ones count from the end. `axes{}` is no axis, `axes::all()` every one (NumPy's None), and as a
/// function argument `{0, -1}` or just `0` will do.
class axes : public detail::int_list<std::int32_t> {
 public:
  using detail::int_list<std::int32_t>::int_list;
  [[nodiscard]] static axes all() noexcept {
    axes every;
    every.all_ = true;
    return every;
  }
  [[nodiscard]] bool is_all() const noexcept { return all_; }
  /// As the C functions take it: NULL for all.
  [[nodiscard]] const std::int32_t* c_axes() const noexcept { return all_ ? nullptr : data(); }
  [[nodiscard]] std::int32_t c_count() const noexcept { return static_cast<std::int32_t>(size()); }

 private:
  bool all_ = false;
};

/// sum(v, {0}, keepdims): the reduced axes stay, with extent 1.
inline constexpr bool keepdims = true;

// ---------------------------------------------------------------------------------------------------------------------
// 4. Subscripts for view::index
// ---------------------------------------------------------------------------------------------------------------------

/// An end or step of a range that is not given, as in NumPy's `a[2:]`.
inline constexpr std::int64_t none = STRIDED_NONE;

/// NumPy's start:stop:step. Ends beyond the axis are clamped, a negative step runs backwards, `range()` is everything.
///
///     range(1, 5)   1:5        range(1, none)   1:        range(none, none, -1)   ::-1
struct range {
  std::int64_t start = none;
  std::int64_t stop = none;
  std::int64_t step = none;

  constexpr range() noexcept = default;
  template <class A, class B, std::enable_if_t<detail::is_count_v<A> && detail::is_count_v<B>, int> = 0>
  constexpr range(A from, B to) noexcept
      : start(detail::clamp_to<std::int64_t>(from)), stop(detail::clamp_to<std::int64_t>(to)) {}
  template <class A, class B, class S,
            std::enable_if_t<detail::is_count_v<A> && detail::is_count_v<B> && detail::is_count_v<S>, int> = 0>
  constexpr range(A from, B to, S by) noexcept : range(from, to) {
    step = detail::clamp_to<std::int64_t>(by);
  }
};

struct newaxis_t {};
struct ellipsis_t {};
/// A new axis of extent 1.
inline constexpr newaxis_t newaxis{};
/// As many whole axes as are left, NumPy's `...`; once in an index.
inline constexpr ellipsis_t ellipsis{};

/// One item of an index: an integer (which drops the axis), a range, newaxis or ellipsis.
class subscript {
 public:
  template <class I, std::enable_if_t<detail::is_count_v<I>, int> = 0>
  constexpr subscript(I at) noexcept : item_{STRIDED_INDEX_AT, 0, detail::clamp_to<std::int64_t>(at), none, none} {}
  constexpr subscript(const range& r) noexcept : item_{STRIDED_INDEX_RANGE, 0, r.start, r.stop, r.step} {}
  constexpr subscript(newaxis_t) noexcept : item_{STRIDED_INDEX_NEWAXIS, 0, none, none, none} {}
  constexpr subscript(ellipsis_t) noexcept : item_{STRIDED_INDEX_ELLIPSIS, 0, none, none, none} {}
  [[nodiscard]] constexpr const strided_index& c_index() const noexcept { return item_; }

 private:
  strided_index item_;
};

// ---------------------------------------------------------------------------------------------------------------------
// 5. view
// ---------------------------------------------------------------------------------------------------------------------

template <class T, int N>
class view_of;

/// Bytes relative to the first element: every element lies in [low, high). `low` is negative when axes run backwards.
struct byte_range {
  std::int64_t low;
  std::int64_t high;
};

namespace detail {

/// Copies what is in use of a view, and touches nothing else.
inline void copy_used(const strided_view& from, strided_view& to) noexcept {
  to.data = from.data;
  to.itemsize = from.itemsize;
  to.dtype = from.dtype;
  to.ndim = from.ndim;
  to.flags = from.flags;
  for (std::int32_t k = 0; k < from.ndim; ++k) to.shape[k] = from.shape[k];
  for (std::int32_t k = 0; k < from.ndim; ++k) to.strides[k] = from.strides[k];
}

/// strided_view_init for known and opaque dtypes. `strides` in bytes, or nullptr for packed elements in `how`.
inline void init(strided_view& out, void* data, dtype type, std::int64_t itemsize, const dims& shape,
                 const dims* strides, order how) {
  if (strides != nullptr && strides->size() != shape.size()) {
    refuse(STRIDED_E_SHAPE, "view", "strides",
           std::to_string(strides->size()) + " strides for " + std::to_string(shape.size()) + " extents");
  }
  const auto ndim = static_cast<std::int32_t>(shape.size());
  const auto c_order = static_cast<std::int32_t>(how);
  const std::int64_t* c_strides = strides != nullptr ? strides->data() : nullptr;
  if (type == dtype::opaque) {
    check(strided_view_init_opaque(&out, data, itemsize, ndim, shape.data(), c_strides, c_order));
  } else {
    check(strided_view_init(&out, data, static_cast<std::int32_t>(type), ndim, shape.data(), c_strides, c_order));
  }
}

using text_function = strided_status (*)(const strided_view*, char*, std::int64_t, std::int64_t*);

inline std::string text_of(text_function write, const strided_view* v) {
  char first[256];
  std::int64_t needed = 0;
  check(write(v, first, static_cast<std::int64_t>(sizeof first), &needed));
  if (needed < static_cast<std::int64_t>(sizeof first)) return std::string(first, static_cast<std::size_t>(needed));
  std::string text(static_cast<std::size_t>(needed), '\0');
  // One more than size(): the final NUL goes where std::string has one anyway.
  check(write(v, text.data(), needed + 1, &needed));
  return text;
}

}  // namespace detail

/// Memory that somebody else owns, seen as an n-dimensional array: address, dtype, shape, byte strides, read-only flag.
///
/// A value: copying a view copies the description and never an element, and leaves the source usable. All functions
/// that "change" a view return a new one on the same memory. Nothing here allocates, but for text and lists of views.
///
///     std::vector<float> pixels(480 * 640 * 3);
///     view image = view::of(pixels.data(), {480, 640, 3}, order::C);
///     view red = image.index(ellipsis, 0);              // (480, 640), strides (7680, 12)
///     view upside_down = red.flip({0});                 // strides (-7680, 12)
class view {
 public:
  /// A view of nothing: u8, shape (0). For containers and for assigning to later.
  view() noexcept {
    raw_.data = nullptr;
    raw_.itemsize = 1;
    raw_.dtype = STRIDED_U8;
    raw_.ndim = 1;
    raw_.flags = 0;
    raw_.shape[0] = 0;
    raw_.strides[0] = 0;
  }

  /// A copy of a C struct, whose first ndim extents and strides must be set. Its number of axes is checked here, the
  /// rest by each function that the view is given to.
  explicit view(const strided_view& raw) {
    if (raw.ndim < 0 || raw.ndim > STRIDED_MAX_NDIM) {
      detail::refuse(STRIDED_E_NDIM, "view", "raw", std::to_string(raw.ndim) + " axes, 0 to 64 are possible");
    }
    detail::copy_used(raw, raw_);
  }

  view(const view& other) noexcept { detail::copy_used(other.raw_, raw_); }
  view& operator=(const view& other) noexcept {
    if (this != &other) detail::copy_used(other.raw_, raw_);
    return *this;
  }
  ~view() = default;

  /// Packed elements at `data`, in C or F order. `const T *` gives a read-only view.
  ///
  ///     double field[3][4];
  ///     view v = view::of(&field[0][0], {3, 4}, order::C);
  template <class T, std::enable_if_t<is_element_v<std::remove_const_t<T>>, int> = 0>
  [[nodiscard]] static view of(T* data, const dims& shape, order how) {
    return make<T>(data, shape, nullptr, how);
  }
  /// Elements at `data` with strides in bytes, of any sign; `data` is the address of element [0, 0, ...].
  template <class T, std::enable_if_t<is_element_v<std::remove_const_t<T>>, int> = 0>
  [[nodiscard]] static view of(T* data, const dims& shape, const dims& byte_strides) {
    return make<T>(data, shape, &byte_strides, order::C);
  }

  /// The same with a dtype known at run time.
  view(void* data, strided::dtype type, const dims& shape, order how) {
    detail::init(raw_, data, type, 0, shape, nullptr, how);
  }
  view(void* data, strided::dtype type, const dims& shape, const dims& byte_strides) {
    detail::init(raw_, data, type, 0, shape, &byte_strides, order::C);
  }
  /// `const void *` gives a read-only view (and only that type, so that a null pointer finds the function above).
  template <class V, std::enable_if_t<std::is_same_v<V, const void>, int> = 0>
  view(V* data, strided::dtype type, const dims& shape, order how)
      : view(const_cast<void*>(data), type, shape, how) {
    raw_.flags |= STRIDED_READONLY;
  }
  template <class V, std::enable_if_t<std::is_same_v<V, const void>, int> = 0>
  view(V* data, strided::dtype type, const dims& shape, const dims& byte_strides)
      : view(const_cast<void*>(data), type, shape, byte_strides) {
    raw_.flags |= STRIDED_READONLY;
  }
  /// Opaque elements of `itemsize` bytes.
  [[nodiscard]] static view opaque(void* data, std::int64_t itemsize, const dims& shape, order how) {
    view out(unset{});
    detail::init(out.raw_, data, strided::dtype::opaque, itemsize, shape, nullptr, how);
    return out;
  }
  [[nodiscard]] static view opaque(void* data, std::int64_t itemsize, const dims& shape, const dims& byte_strides) {
    view out(unset{});
    detail::init(out.raw_, data, strided::dtype::opaque, itemsize, shape, &byte_strides, order::C);
    return out;
  }

  // What it is -----------------------------------------------------------------------------------------------------

  /// The C struct, for calls of strided.h.
  [[nodiscard]] const strided_view& raw() const noexcept { return raw_; }
  [[nodiscard]] const strided_view* c_view() const noexcept { return &raw_; }

  /// Address of element [0, 0, ...]; may be null when there are no elements.
  [[nodiscard]] const void* data() const noexcept { return raw_.data; }
  /// The same, to write to; throws STRIDED_E_READONLY for a read-only view.
  [[nodiscard]] void* mutable_data() const {
    if (is_readonly()) detail::refuse(STRIDED_E_READONLY, "mutable_data", "view", "the view is read-only");
    return raw_.data;
  }
  [[nodiscard]] strided::dtype dtype() const noexcept { return static_cast<strided::dtype>(raw_.dtype); }
  /// Bytes per element.
  [[nodiscard]] std::int64_t itemsize() const noexcept { return raw_.itemsize; }
  [[nodiscard]] int ndim() const noexcept { return raw_.ndim; }
  /// Number of elements; 1 without axes.
  [[nodiscard]] std::int64_t size() const noexcept { return strided_view_size(&raw_); }
  [[nodiscard]] dims shape() const noexcept { return dims(raw_.shape, static_cast<std::size_t>(raw_.ndim)); }
  /// In bytes.
  [[nodiscard]] dims strides() const noexcept { return dims(raw_.strides, static_cast<std::size_t>(raw_.ndim)); }
  /// Elements along one axis, which may be negative to count from the end; throws STRIDED_E_AXIS.
  [[nodiscard]] std::int64_t extent(int axis) const { return raw_.shape[checked_axis("extent", axis)]; }
  /// Bytes from one element to the next along an axis; throws STRIDED_E_AXIS.
  [[nodiscard]] std::int64_t stride(int axis) const { return raw_.strides[checked_axis("stride", axis)]; }
  /// The flags of the C struct: STRIDED_READONLY or 0.
  [[nodiscard]] std::uint64_t flags() const noexcept { return raw_.flags; }
  [[nodiscard]] bool is_readonly() const noexcept { return (raw_.flags & STRIDED_READONLY) != 0; }

  /// Bits STRIDED_IS_*; the questions below one by one. Contiguity follows NumPy: axes of extent 1 do not matter, and
  /// a view without elements is contiguous in both orders.
  [[nodiscard]] std::uint32_t query() const noexcept { return strided_view_query(&raw_); }
  [[nodiscard]] bool is_c_contiguous() const noexcept { return (query() & STRIDED_IS_C_CONTIGUOUS) != 0; }
  [[nodiscard]] bool is_f_contiguous() const noexcept { return (query() & STRIDED_IS_F_CONTIGUOUS) != 0; }
  [[nodiscard]] bool is_aligned() const noexcept { return (query() & STRIDED_IS_ALIGNED) != 0; }
  [[nodiscard]] bool is_writeable() const noexcept { return (query() & STRIDED_IS_WRITEABLE) != 0; }
  /// Whether two elements share memory, as after broadcasting. Such a view is refused as an output.
  [[nodiscard]] bool is_self_overlapping() const noexcept { return (query() & STRIDED_IS_SELF_OVERLAP) != 0; }

  /// The bytes that the elements lie in, relative to data().
  [[nodiscard]] byte_range byte_extent() const {
    byte_range bytes{};
    check(strided_view_extent(&raw_, &bytes.low, &bytes.high));
    return bytes;
  }
  /// Throws STRIDED_E_BOUNDS unless every element lies in the `nbytes` bytes from `block` on.
  void check_inside(const void* block, std::int64_t nbytes) const {
    check(strided_view_check(&raw_, block, nbytes));
  }
  /// Address of one element; throws STRIDED_E_INDEX.
  [[nodiscard]] const void* address(const dims& indices) const {
    void* out = nullptr;
    check(strided_view_address(&raw_, static_cast<std::int32_t>(indices.size()), indices.data(), &out));
    return out;
  }

  /// Whether the two share a byte, exactly. Throws STRIDED_E_UNDECIDED for layouts made to be hard.
  [[nodiscard]] bool overlaps(const view& other) const { return overlap(other, 1); }
  /// Whether the extents of the two meet: quick, and sometimes true for views that share nothing.
  [[nodiscard]] bool may_overlap(const view& other) const { return overlap(other, 0); }

  // The view algebra -----------------------------------------------------------------------------------------------
  // Each function returns a view of the same memory, or throws and has done nothing. Names and rules are NumPy's.

  /// Axes reversed: NumPy's .T
  [[nodiscard]] view transpose() const {
    view out(unset{});
    check(strided_view_transpose(&raw_, nullptr, &out.raw_));
    return out;
  }
  /// Axis k of the result is axis `from[k]` of this view; each axis once.
  [[nodiscard]] view permute(const axes& from) const {
    if (!from.is_all() && from.size() != static_cast<std::size_t>(raw_.ndim)) {
      detail::refuse(STRIDED_E_AXIS, "permute", "axes",
                     std::to_string(from.size()) + " axes for a view with " + std::to_string(raw_.ndim));
    }
    view out(unset{});
    check(strided_view_transpose(&raw_, from.c_axes(), &out.raw_));
    return out;
  }
  [[nodiscard]] view swapaxes(int a, int b) const {
    view out(unset{});
    check(strided_view_swapaxes(&raw_, a, b, &out.raw_));
    return out;
  }
  /// Moves axes `from` to the places `to`; the others keep their order.
  [[nodiscard]] view moveaxis(const axes& from, const axes& to) const {
    if (from.is_all() || to.is_all() || from.size() != to.size()) {
      detail::refuse(STRIDED_E_AXIS, "moveaxis", "to", "as many places as axes are wanted");
    }
    view out(unset{});
    check(strided_view_moveaxis(&raw_, from.c_count(), from.data(), to.data(), &out.raw_));
    return out;
  }

  /// NumPy's basic indexing. Axes that are not named stay whole.
  ///
  ///     v.index(2)                               // row 2
  ///     v.index(range(0, none, 2), ellipsis, newaxis, -1)
  template <class... I, std::enable_if_t<(std::is_convertible_v<I, subscript> && ...), int> = 0>
  [[nodiscard]] view index(const I&... items) const {
    // One more, because there are no arrays of no elements.
    const strided_index list[] = {subscript(items).c_index()..., strided_index{}};
    view out(unset{});
    check(strided_view_index(&raw_, static_cast<std::int32_t>(sizeof...(I)), list, &out.raw_));
    return out;
  }
  /// The same for a number of subscripts known at run time.
  [[nodiscard]] view index(const std::vector<subscript>& items) const {
    std::vector<strided_index> list;
    list.reserve(items.size() + 1);
    for (const subscript& item : items) list.push_back(item.c_index());
    list.push_back(strided_index{});
    view out(unset{});
    check(strided_view_index(&raw_, detail::clamp_to<std::int32_t>(items.size()), list.data(), &out.raw_));
    return out;
  }

  /// Drops axes of extent 1.
  [[nodiscard]] view squeeze(const axes& which = axes::all()) const {
    view out(unset{});
    check(strided_view_squeeze(&raw_, which.c_count(), which.c_axes(), &out.raw_));
    return out;
  }
  /// Adds axes of extent 1; the numbers are those of the result.
  [[nodiscard]] view expand_dims(const axes& which) const {
    view out(unset{});
    check(strided_view_expand_dims(&raw_, which.c_count(), which.c_axes(), &out.raw_));
    return out;
  }
  /// Turns axes around: strides change sign.
  [[nodiscard]] view flip(const axes& which = axes::all()) const {
    view out(unset{});
    check(strided_view_flip(&raw_, which.c_count(), which.c_axes(), &out.raw_));
    return out;
  }
  /// Rotates by `quarters` times 90 degrees, from axis `a` towards axis `b`.
  [[nodiscard]] view rot90(int quarters = 1, int a = 0, int b = 1) const {
    view out(unset{});
    check(strided_view_rot90(&raw_, quarters, a, b, &out.raw_));
    return out;
  }
  /// The same elements, counted in order C, F or A, with another shape; one extent may be -1. Throws
  /// STRIDED_E_NEEDS_COPY when strides can not express it: then copy(order).view().reshape(...) can.
  [[nodiscard]] view reshape(const dims& shape, order how) const {
    view out(unset{});
    check(strided_view_reshape(&raw_, static_cast<std::int32_t>(shape.size()), shape.data(),
                               static_cast<std::int32_t>(how), &out.raw_));
    return out;
  }
  /// All elements along one axis; throws STRIDED_E_NEEDS_COPY.
  [[nodiscard]] view ravel(order how) const {
    view out(unset{});
    check(strided_view_ravel(&raw_, static_cast<std::int32_t>(how), &out.raw_));
    return out;
  }
  /// Repeats axes of extent 1, and adds axes in front, with stride 0. The result is read-only.
  [[nodiscard]] view broadcast_to(const dims& shape) const {
    view out(unset{});
    check(
        strided_view_broadcast_to(&raw_, static_cast<std::int32_t>(shape.size()), shape.data(), &out.raw_));
    return out;
  }
  /// The diagonal of axes a and b, as a new last axis.
  [[nodiscard]] view diagonal(std::int64_t offset = 0, int a = 0, int b = 1) const {
    view out(unset{});
    check(strided_view_diagonal(&raw_, offset, a, b, &out.raw_));
    return out;
  }
  /// Windows of the given extents along the given axes, as new last axes. The result is read-only.
  [[nodiscard]] view sliding_window(const dims& window, const axes& which = axes::all()) const {
    const std::size_t expected = which.is_all() ? static_cast<std::size_t>(raw_.ndim) : which.size();
    if (window.size() != expected) {
      detail::refuse(STRIDED_E_SHAPE, "sliding_window", "window",
                     std::to_string(window.size()) + " extents for " + std::to_string(expected) + " axes");
    }
    view out(unset{});
    check(strided_view_sliding_window(&raw_, static_cast<std::int32_t>(window.size()), which.c_axes(), window.data(),
                                      &out.raw_));
    return out;
  }
  /// Part `part` of `sections` nearly equal ones along an axis, as numpy.array_split.
  [[nodiscard]] view split(int sections, int axis, int part) const {
    view out(unset{});
    check(strided_view_split(&raw_, sections, axis, part, &out.raw_));
    return out;
  }
  /// All parts.
  [[nodiscard]] std::vector<view> split(int sections, int axis = 0) const {
    std::vector<view> parts;
    parts.push_back(split(sections, axis, 0));
    parts.reserve(static_cast<std::size_t>(sections));
    for (int part = 1; part < sections; ++part) parts.push_back(split(sections, axis, part));
    return parts;
  }
  /// Any shape and byte strides that stay in the `nbytes` bytes from `block` on.
  [[nodiscard]] view as_strided(const dims& shape, const dims& byte_strides, const void* block,
                                std::int64_t nbytes) const {
    if (shape.size() != byte_strides.size()) {
      detail::refuse(STRIDED_E_SHAPE, "as_strided", "strides",
                     std::to_string(byte_strides.size()) + " strides for " + std::to_string(shape.size()) + " extents");
    }
    view out(unset{});
    check(strided_view_as_strided(&raw_, static_cast<std::int32_t>(shape.size()), shape.data(), byte_strides.data(),
                                  block, nbytes, &out.raw_));
    return out;
  }

  // The elements as something else ---------------------------------------------------------------------------------

  /// The same bytes as another dtype; a packed axis grows or shrinks with the item size.
  [[nodiscard]] view reinterpret(strided::dtype type) const {
    view out(unset{});
    check(strided_view_reinterpret(&raw_, static_cast<std::int32_t>(type), &out.raw_));
    return out;
  }
  [[nodiscard]] view real() const {
    view out(unset{});
    check(strided_view_real(&raw_, &out.raw_));
    return out;
  }
  /// Of a real view: zeros that can only be read.
  [[nodiscard]] view imag() const {
    view out(unset{});
    check(strided_view_imag(&raw_, &out.raw_));
    return out;
  }
  /// A field of every record, `byte_offset` bytes from its start.
  ///
  ///     struct particle { float mass; double position[3]; };
  ///     view mass = particles.field<float>(offsetof(particle, mass));
  template <class T>
  [[nodiscard]] view field(std::size_t byte_offset) const {
    constexpr strided::dtype type = dtype_of<T>();
    const auto offset = detail::clamp_to<std::int64_t>(byte_offset);
    if constexpr (type == strided::dtype::opaque) {
      return field_opaque(offset, static_cast<std::int64_t>(sizeof(T)));
    } else {
      return field(offset, type);
    }
  }
  [[nodiscard]] view field(std::int64_t byte_offset, strided::dtype type) const {
    view out(unset{});
    check(strided_view_field(&raw_, byte_offset, static_cast<std::int32_t>(type), &out.raw_));
    return out;
  }
  [[nodiscard]] view field_opaque(std::int64_t byte_offset, std::int64_t size) const {
    view out(unset{});
    check(strided_view_field_opaque(&raw_, byte_offset, size, &out.raw_));
    return out;
  }
  /// The same view, through which nothing can be written.
  [[nodiscard]] view readonly() const {
    view out(unset{});
    check(strided_view_readonly(&raw_, &out.raw_));
    return out;
  }
  /// Typed element access; see view_of for what is checked. view_of<double, 2>(v) is the same.
  template <class T, int N>
  [[nodiscard]] view_of<T, N> as() const {
    return view_of<T, N>(*this);
  }

  // Text -----------------------------------------------------------------------------------------------------------

  /// The elements, as numpy.array2string shows them.
  [[nodiscard]] std::string to_string() const { return detail::text_of(&strided_format, &raw_); }
  /// dtype, shape, strides, flags, extent and a small picture of the layout.
  [[nodiscard]] std::string describe() const { return detail::text_of(&strided_describe, &raw_); }
  friend std::ostream& operator<<(std::ostream& out, const view& v) { return out << v.to_string(); }

 private:
  template <class T, int N>
  friend class view_of;

  /// Leaves everything unset, for a C function to fill in.
  struct unset {};
  explicit view(unset) noexcept { raw_.ndim = 0; }

  template <class T>
  static view make(T* data, const dims& shape, const dims* byte_strides, order how) {
    view out(unset{});
    void* address = const_cast<void*>(static_cast<const void*>(data));
    detail::init(out.raw_, address, dtype_of<T>(), static_cast<std::int64_t>(sizeof(T)), shape, byte_strides, how);
    if constexpr (std::is_const_v<T>) out.raw_.flags |= STRIDED_READONLY;
    return out;
  }

  std::size_t checked_axis(const char* function, int axis) const {
    const int from_start = axis < 0 ? axis + raw_.ndim : axis;
    if (from_start < 0 || from_start >= raw_.ndim) {
      detail::refuse(STRIDED_E_AXIS, function, "axis",
                     "axis " + std::to_string(axis) + " is out of range for a view with " +
                         std::to_string(raw_.ndim) + " dimensions");
    }
    return static_cast<std::size_t>(from_start);
  }

  bool overlap(const view& other, std::int32_t exact) const {
    std::int32_t answer = 0;
    check(strided_view_overlap(&raw_, &other.raw_, exact, &answer));
    return answer != 0;
  }

  strided_view raw_;
};

// ---------------------------------------------------------------------------------------------------------------------
// 6. view_of
// ---------------------------------------------------------------------------------------------------------------------

namespace detail {

/// Throws unless the elements of `v` can be read (and, unless T is const, written) as T.
template <class T>
void check_elements(const strided_view& v, const char* function) {
  constexpr dtype wanted = dtype_of<T>();
  if (v.dtype != static_cast<std::int32_t>(wanted)) {
    refuse(STRIDED_E_DTYPE, function, "view",
           std::string("the elements are ") + strided_dtype_name(v.dtype) + ", the C++ type wants " + name(wanted));
  }
  if (v.itemsize != static_cast<std::int64_t>(sizeof(T))) {
    refuse(STRIDED_E_DTYPE, function, "view",
           "the elements have " + std::to_string(v.itemsize) + " bytes, the C++ type has " + std::to_string(sizeof(T)));
  }
  if (!std::is_const_v<T> && (v.flags & STRIDED_READONLY) != 0) {
    refuse(STRIDED_E_READONLY, function, "view", "the view is read-only; ask for const elements");
  }
}

inline bool has_no_elements(const strided_view& v) noexcept {
  for (std::int32_t k = 0; k < v.ndim; ++k) {
    if (v.shape[k] == 0) return true;
  }
  return false;
}

/// The same, and every element must lie where a T may lie. Axes of extent 1 do not matter.
template <class T>
void check_aligned_elements(const strided_view& v, const char* function) {
  check_elements<T>(v, function);
  if (has_no_elements(v)) return;
  std::uint64_t bits = reinterpret_cast<std::uintptr_t>(v.data);
  for (std::int32_t k = 0; k < v.ndim; ++k) {
    if (v.shape[k] > 1) bits |= static_cast<std::uint64_t>(v.strides[k]);
  }
  if (bits % alignof(T) != 0) {
    refuse(STRIDED_E_VALUE, function, "view",
           "the elements are not aligned to " + std::to_string(alignof(T)) + " bytes");
  }
}

template <class T, int N>
class element_iterator;

}  // namespace detail

/// Typed access to elements: T known at compile time, and the number of axes N. const T for reading only.
///
/// A small value (a pointer, N extents, N strides) that borrows the memory, as a span does; copies and const copies all
/// reach the same elements. Everything is checked once, when it is made from a view:
///   dtype and item size are those of T (STRIDED_E_DTYPE), there are N axes (STRIDED_E_NDIM), the view may be written
///   unless T is const (STRIDED_E_READONLY), elements are aligned for T and strides whole elements (STRIDED_E_VALUE).
/// After that m(i, j) is one address computation, without checks; strides may be negative or 0.
///
///     view_of<double, 2> m(v);
///     for (std::int64_t i = 0; i < m.extent(0); ++i)
///       for (std::int64_t j = 0; j < m.extent(1); ++j) m(i, j) *= 2.0;
///     double largest = *std::max_element(m.begin(), m.end());
template <class T, int N>
class view_of {
  static_assert(N >= 0 && N <= STRIDED_MAX_NDIM, "views have 0 to 64 axes");
  static_assert(is_element_v<std::remove_const_t<T>>, "elements must be trivially copyable objects");

 public:
  using element_type = T;
  using value_type = std::remove_const_t<T>;
  using reference = T&;
  using pointer = T*;
  using difference_type = std::ptrdiff_t;
  using iterator = detail::element_iterator<T, N>;
  /// One integer per axis.
  using list = std::array<std::int64_t, static_cast<std::size_t>(N)>;
  static constexpr int rank = N;

  /// Of a view; throws as said above. An array goes through its view: view_of<double, 2>(a.view()), a.as<double, 2>().
  explicit view_of(const view& v) { set(v.raw()); }

  /// Packed elements at `data` in C or F order, without going through a view first.
  ///
  ///     view_of<const float, 2> m(samples.data(), {rows, 16}, order::C);
  view_of(T* data, const dims& shape, order how) { set(view::of(data, shape, how).raw()); }
  /// Elements at `data`, with strides in elements.
  view_of(T* data, const dims& shape, const dims& element_strides) {
    dims byte_strides;
    constexpr auto size = static_cast<std::int64_t>(sizeof(T));
    for (const std::int64_t stride : element_strides) {
      if (stride > std::numeric_limits<std::int64_t>::max() / size ||
          stride < std::numeric_limits<std::int64_t>::min() / size) {
        detail::refuse(STRIDED_E_OVERFLOW, "view_of", "element_strides",
                       "stride " + std::to_string(stride) + " overflows when counted in bytes");
      }
      byte_strides.push(stride * size);
    }
    set(view::of(data, shape, byte_strides).raw());
  }

  /// Elements that may be written can be read.
  template <class U, std::enable_if_t<std::is_same_v<const U, T> && !std::is_const_v<U>, int> = 0>
  view_of(const view_of<U, N>& other) noexcept
      : data_(other.data()), shape_(other.shape()), strides_(other.strides()) {}

  [[nodiscard]] T* data() const noexcept { return data_; }
  [[nodiscard]] const list& shape() const noexcept { return shape_; }
  /// In elements.
  [[nodiscard]] const list& strides() const noexcept { return strides_; }
  /// Elements along axis k, 0 <= k < N; not checked.
  [[nodiscard]] std::int64_t extent(int k) const noexcept { return shape_[static_cast<std::size_t>(k)]; }
  /// Elements from one to the next along axis k, 0 <= k < N; not checked.
  [[nodiscard]] std::int64_t stride(int k) const noexcept { return strides_[static_cast<std::size_t>(k)]; }
  /// Number of elements.
  [[nodiscard]] std::int64_t size() const noexcept {
    std::int64_t product = 1;
    for (const std::int64_t extent : shape_) product *= extent;
    return product;
  }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// Element [i, j, ...], counted from 0. Not checked: an index out of range is undefined behaviour.
  template <class... I, std::enable_if_t<sizeof...(I) == static_cast<std::size_t>(N) &&
                                             (detail::is_count_v<I> && ...), int> = 0>
  [[nodiscard]] T& operator()(I... i) const noexcept {
    return data_[offset(std::make_index_sequence<sizeof...(I)>{}, static_cast<std::ptrdiff_t>(i)...)];
  }
  /// The same, checked: throws STRIDED_E_INDEX unless 0 <= i < extent.
  template <class... I, std::enable_if_t<sizeof...(I) == static_cast<std::size_t>(N) &&
                                             (detail::is_count_v<I> && ...), int> = 0>
  T& at(I... i) const {
    [[maybe_unused]] int axis = 0;
    (check_index(axis++, detail::clamp_to<std::int64_t>(i)), ...);
    return (*this)(i...);
  }
#if defined(__cpp_multidimensional_subscript)
  /// m[i, j] as m(i, j), from C++23 on.
  template <class... I, std::enable_if_t<sizeof...(I) == static_cast<std::size_t>(N) &&
                                             (detail::is_count_v<I> && ...), int> = 0>
  [[nodiscard]] T& operator[](I... i) const noexcept {
    return (*this)(i...);
  }
#else
  /// v[i] for one axis (m[i, j] for more from C++23 on).
  template <class I, int M = N, std::enable_if_t<M == 1 && detail::is_count_v<I>, int> = 0>
  [[nodiscard]] T& operator[](I i) const noexcept {
    return (*this)(i);
  }
#endif

  /// Random access over the elements in C order of the indices, whatever the memory order. Iterators hold a copy of the
  /// view and stay valid without it. Loops over indices, or for_each, are quicker.
  [[nodiscard]] iterator begin() const noexcept { return iterator(*this, 0); }
  [[nodiscard]] iterator end() const noexcept { return iterator(*this, size()); }

  /// Back to the world of run-time layouts: for slicing, transposing, printing.
  [[nodiscard]] view untyped() const noexcept {
    view out(view::unset{});
    write_to(out.raw_);
    return out;
  }
  /// Fills in a C struct; only the first N extents and strides.
  void write_to(strided_view& out) const noexcept {
    out.data = const_cast<void*>(static_cast<const void*>(data_));
    out.itemsize = static_cast<std::int64_t>(sizeof(T));
    out.dtype = static_cast<std::int32_t>(dtype_of<T>());
    out.ndim = N;
    out.flags = std::is_const_v<T> ? STRIDED_READONLY : 0;
    for (std::size_t k = 0; k < shape_.size(); ++k) {
      out.shape[k] = shape_[k];
      out.strides[k] = strides_[k] * static_cast<std::int64_t>(sizeof(T));
    }
  }

 private:
  void set(const strided_view& v) {
    detail::check_aligned_elements<T>(v, "view_of");
    if (v.ndim != N) {
      detail::refuse(STRIDED_E_NDIM, "view_of", "view",
                     std::to_string(v.ndim) + " dimensions, the C++ type has " + std::to_string(N));
    }
    constexpr auto unit = static_cast<std::int64_t>(sizeof(T));
    const bool empty_view = detail::has_no_elements(v);
    data_ = static_cast<T*>(v.data);
    for (std::size_t k = 0; k < shape_.size(); ++k) {
      shape_[k] = v.shape[k];
      strides_[k] = v.strides[k] / unit;
      // Strides that are never taken do not matter.
      if (v.strides[k] % unit != 0 && v.shape[k] > 1 && !empty_view) {
        detail::refuse(STRIDED_E_VALUE, "view_of", "view",
                       "the stride of axis " + std::to_string(k) + ", " + std::to_string(v.strides[k]) +
                           " bytes, is no multiple of the " + std::to_string(unit) + " bytes of an element");
      }
    }
  }

  template <std::size_t... K, class... I>
  std::ptrdiff_t offset(std::index_sequence<K...>, I... i) const noexcept {
    return (std::ptrdiff_t{0} + ... + (i * static_cast<std::ptrdiff_t>(strides_[K])));
  }

  void check_index(int axis, std::int64_t i) const {
    if (i < 0 || i >= extent(axis)) {
      detail::refuse(STRIDED_E_INDEX, "at", "index",
                     "index " + std::to_string(i) + " is out of range for axis " + std::to_string(axis) +
                         " with extent " + std::to_string(extent(axis)));
    }
  }

  T* data_ = nullptr;
  list shape_{};
  list strides_{};
};

namespace detail {

/// Walks a view_of in C order of the indices. Keeps the index of every axis, so that a step is an addition and rarely a
/// carry; the offset is a number until it is used, so that the end needs no address of its own.
template <class T, int N>
class element_iterator {
 public:
  using iterator_category = std::random_access_iterator_tag;
  using value_type = std::remove_const_t<T>;
  using difference_type = std::ptrdiff_t;
  using pointer = T*;
  using reference = T&;

  element_iterator() noexcept = default;
  element_iterator(const view_of<T, N>& v, std::int64_t position) noexcept
      : data_(v.data()), shape_(v.shape()), strides_(v.strides()) {
    seek(position);
  }

  T& operator*() const noexcept { return data_[offset_]; }
  T* operator->() const noexcept { return data_ + offset_; }
  T& operator[](difference_type n) const noexcept { return *(*this + n); }

  element_iterator& operator++() noexcept {
    ++position_;
    for (std::size_t k = shape_.size(); k-- > 0;) {
      offset_ += strides_[k];
      if (++index_[k] < shape_[k] || k == 0) break;
      offset_ -= strides_[k] * shape_[k];
      index_[k] = 0;
    }
    return *this;
  }
  element_iterator& operator--() noexcept {
    --position_;
    for (std::size_t k = shape_.size(); k-- > 0;) {
      offset_ -= strides_[k];
      if (--index_[k] >= 0 || k == 0) break;
      offset_ += strides_[k] * shape_[k];
      index_[k] = shape_[k] - 1;
    }
    return *this;
  }
  element_iterator operator++(int) noexcept {
    element_iterator before = *this;
    ++*this;
    return before;
  }
  element_iterator operator--(int) noexcept {
    element_iterator before = *this;
    --*this;
    return before;
  }
  element_iterator& operator+=(difference_type n) noexcept {
    seek(position_ + n);
    return *this;
  }
  element_iterator& operator-=(difference_type n) noexcept { return *this += -n; }

  friend element_iterator operator+(element_iterator it, difference_type n) noexcept { return it += n; }
  friend element_iterator operator+(difference_type n, element_iterator it) noexcept { return it += n; }
  friend element_iterator operator-(element_iterator it, difference_type n) noexcept { return it -= n; }
  friend difference_type operator-(const element_iterator& a, const element_iterator& b) noexcept {
    return static_cast<difference_type>(a.position_ - b.position_);
  }
  friend bool operator==(const element_iterator& a, const element_iterator& b) noexcept {
    return a.position_ == b.position_;
  }
  friend bool operator!=(const element_iterator& a, const element_iterator& b) noexcept { return !(a == b); }
  friend bool operator<(const element_iterator& a, const element_iterator& b) noexcept {
    return a.position_ < b.position_;
  }
  friend bool operator>(const element_iterator& a, const element_iterator& b) noexcept { return b < a; }
  friend bool operator<=(const element_iterator& a, const element_iterator& b) noexcept { return !(b < a); }
  friend bool operator>=(const element_iterator& a, const element_iterator& b) noexcept { return !(a < b); }

 private:
  /// The first axis takes what is left over: at the end its index is its extent, and the others are 0.
  void seek(std::int64_t position) noexcept {
    position_ = position;
    offset_ = 0;
    std::int64_t rest = position;
    for (std::size_t k = shape_.size(); k-- > 0;) {
      if (k > 0 && shape_[k] > 0) {
        index_[k] = rest % shape_[k];
        rest /= shape_[k];
      } else {
        index_[k] = k == 0 ? rest : 0;
      }
      offset_ += index_[k] * strides_[k];
    }
  }

  using list = typename view_of<T, N>::list;

  T* data_ = nullptr;
  list shape_{};
  list strides_{};
  list index_{};
  std::int64_t position_ = 0;
  std::int64_t offset_ = 0;
};

}  // namespace detail

// ---------------------------------------------------------------------------------------------------------------------
// 7. array
// ---------------------------------------------------------------------------------------------------------------------

class array;

/// What computing functions take: a view, an array or a view_of, temporaries included. Not for storing: it points to
/// what it was made from, and lives as long as the call.
class operand {
 public:
  operand(const view& v) noexcept : view_(v.c_view()) {}
  operand(const strided_view& v) noexcept : view_(&v) {}
  operand(const array& a);
  template <class T, int N>
  operand(const view_of<T, N>& v) noexcept : view_(&own_) {
    v.write_to(own_);
  }
  operand(const operand&) = delete;
  operand& operator=(const operand&) = delete;
  ~operand() = default;

  [[nodiscard]] const strided_view* c_view() const noexcept { return view_; }
  [[nodiscard]] strided::dtype dtype() const noexcept { return static_cast<strided::dtype>(view_->dtype); }

 private:
  const strided_view* view_;
  strided_view own_;  // written only for a view_of
};

namespace detail {

/// Keeps a callable on the heap while the C library holds a plain pointer to it.
template <class F>
class release_box {
 public:
  template <class G>
  explicit release_box(G&& release) : release_(std::forward<G>(release)) {}
  static void run(void* ctx) noexcept {
    const std::unique_ptr<release_box> self(static_cast<release_box*>(ctx));
    self->release_();
  }

 private:
  F release_;
};

}  // namespace detail

/// A share in a reference-counted block of memory, and a view of it. The last share to go frees the block, exactly once,
/// on whichever thread that happens.
///
/// Copying an array copies the share, not the elements: both see the same memory (copy(order) copies elements). Moving
/// leaves an empty array, which owns nothing and whose view() throws STRIDED_E_NULL. New memory starts at a multiple of
/// 64 bytes.
///
///     array a = array::zeros<double>({1000, 1000}, order::F);
///     array b = a;                              // a.shares() == 2, same elements
///     view top = a.view().index(range(0, 10));  // borrows: a (or b) must outlive it
///     array kept = a.share(top);                // owns: keeps the block alive by itself
class array {
 public:
  /// Empty.
  array() noexcept = default;
  /// Takes over one share, such as a C function has just returned.
  [[nodiscard]] static array take(strided_array* handle) noexcept { return array(handle); }
  /// Adds a share to one that somebody else holds.
  [[nodiscard]] static array retain(strided_array* handle) noexcept { return array(strided_array_retain(handle)); }

  array(const array& other) noexcept : handle_(strided_array_retain(other.handle_)) {}
  array(array&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  array& operator=(const array& other) noexcept {
    array(other).swap(*this);
    return *this;
  }
  array& operator=(array&& other) noexcept {
    array(std::move(other)).swap(*this);
    return *this;
  }
  ~array() { strided_array_release(handle_); }

  void swap(array& other) noexcept { std::swap(handle_, other.handle_); }
  friend void swap(array& a, array& b) noexcept { a.swap(b); }

  // New memory -----------------------------------------------------------------------------------------------------

  /// Not initialised. `how` is order::C or order::F.
  [[nodiscard]] static array uninit(strided::dtype type, const dims& shape, order how) {
    strided_array* out = nullptr;
    check(strided_array_new(static_cast<std::int32_t>(type), static_cast<std::int32_t>(shape.size()), shape.data(),
                            static_cast<std::int32_t>(how), &out));
    return array(out);
  }
  template <class T>
  [[nodiscard]] static array uninit(const dims& shape, order how) {
    if constexpr (dtype_of<T>() == strided::dtype::opaque) {
      return uninit_opaque(static_cast<std::int64_t>(sizeof(T)), shape, how);
    } else {
      return uninit(dtype_of<T>(), shape, how);
    }
  }
  /// Opaque elements of `itemsize` bytes.
  [[nodiscard]] static array uninit_opaque(std::int64_t itemsize, const dims& shape, order how) {
    strided_array* out = nullptr;
    check(strided_array_new_opaque(itemsize, static_cast<std::int32_t>(shape.size()), shape.data(),
                                   static_cast<std::int32_t>(how), &out));
    return array(out);
  }
  /// Zeros; large blocks are not touched before they are used.
  [[nodiscard]] static array zeros(strided::dtype type, const dims& shape, order how) {
    strided_array* out = nullptr;
    check(strided_array_zeros(static_cast<std::int32_t>(type), static_cast<std::int32_t>(shape.size()), shape.data(),
                              static_cast<std::int32_t>(how), &out));
    return array(out);
  }
  template <class T>
  [[nodiscard]] static array zeros(const dims& shape, order how) {
    static_assert(dtype_of<T>() != strided::dtype::opaque, "there is no zero of an opaque type");
    return zeros(dtype_of<T>(), shape, how);
  }
  /// At a multiple of `align` bytes, a power of two from 64 to 4096.
  [[nodiscard]] static array uninit_aligned(std::int64_t align, strided::dtype type, const dims& shape, order how) {
    strided_array* out = nullptr;
    check(strided_array_new_aligned(align, static_cast<std::int32_t>(type), static_cast<std::int32_t>(shape.size()),
                                    shape.data(), static_cast<std::int32_t>(how), &out));
    return array(out);
  }
  /// From an allocator of your own. The table is copied, what its `ctx` points to must outlive the memory; its functions
  /// must not throw and may be called from any thread.
  [[nodiscard]] static array uninit_with(const strided_allocator& allocator, strided::dtype type, const dims& shape,
                                         order how) {
    strided_array* out = nullptr;
    check(strided_array_new_with(&allocator, static_cast<std::int32_t>(type), static_cast<std::int32_t>(shape.size()),
                                 shape.data(), static_cast<std::int32_t>(how), &out));
    return array(out);
  }
  [[nodiscard]] static array zeros_with(const strided_allocator& allocator, strided::dtype type, const dims& shape,
                                        order how) {
    strided_array* out = nullptr;
    check(strided_array_zeros_with(&allocator, static_cast<std::int32_t>(type), static_cast<std::int32_t>(shape.size()),
                                   shape.data(), static_cast<std::int32_t>(how), &out));
    return array(out);
  }

  // Foreign memory -------------------------------------------------------------------------------------------------

  /// Memory of somebody else, seen through `v`. `release()` is called once, when the last share goes, on whichever
  /// thread that is; it may be anything callable, also what can only be moved, and must not throw (std::terminate).
  /// When adopt itself throws, `release` is not called: whatever the callable owns is destroyed with it, anything else
  /// is still the caller's.
  ///
  ///     double* p = static_cast<double*>(std::malloc(12 * sizeof(double)));
  ///     array a = array::adopt(view::of(p, {3, 4}, order::F), [p] { std::free(p); });
  ///
  ///     auto owner = std::make_shared<image>(...);           // or: keep any owner alive
  ///     array b = array::adopt(view::of(owner->pixels(), {h, w}, order::C), [owner] {});
  template <class F, std::enable_if_t<std::is_invocable_v<std::decay_t<F>&>, int> = 0>
  [[nodiscard]] static array adopt(const operand& v, F&& release) {
    using box = detail::release_box<std::decay_t<F>>;
    auto held = std::make_unique<box>(std::forward<F>(release));
    strided_array* out = nullptr;
    check(strided_array_adopt(v.c_view(), &box::run, held.get(), &out));
    static_cast<void>(held.release());  // the library calls box::run, which deletes it
    return array(out);
  }
  /// The elements of a vector, moved in.
  ///
  ///     array a = array::adopt(std::vector<double>{1, 2, 3, 4, 5, 6}, {2, 3}, order::C);
  template <class T>
  [[nodiscard]] static array adopt(std::vector<T>&& values, const dims& shape, order how) {
    static_assert(!std::is_same_v<T, bool>, "std::vector<bool> has no elements in memory");
    auto owner = std::make_shared<std::vector<T>>(std::move(values));
    const strided::view v = strided::view::of(owner->data(), shape, how);
    if (v.size() != detail::clamp_to<std::int64_t>(owner->size())) {
      values = std::move(*owner);
      detail::refuse(STRIDED_E_SHAPE, "adopt", "shape",
                     "shape " + shape.to_string() + " does not have " + std::to_string(values.size()) + " elements");
    }
    return adopt(v, [owner] {});
  }
  /// Memory that needs no release and outlives every share, such as a static buffer.
  [[nodiscard]] static array adopt_static(const operand& v) {
    strided_array* out = nullptr;
    check(strided_array_adopt(v.c_view(), nullptr, nullptr, &out));
    return array(out);
  }

  // From other arrays ----------------------------------------------------------------------------------------------

  /// A new array on the same memory that sees it through `v`; throws STRIDED_E_BOUNDS when `v` leaves the memory.
  [[nodiscard]] array share(const operand& v) const {
    strided_array* out = nullptr;
    check(strided_array_from_view(handle_, v.c_view(), &out));
    return array(out);
  }
  /// New memory with the same elements, packed in `how`.
  [[nodiscard]] array copy(order how) const {
    strided_array* out = nullptr;
    check(strided_array_copy(c_view(), static_cast<std::int32_t>(how), &out));
    return array(out);
  }
  /// New memory with the elements converted.
  [[nodiscard]] array cast(strided::dtype type, casting rule, order how) const {
    strided_array* out = nullptr;
    check(strided_array_cast(c_view(), static_cast<std::int32_t>(type), static_cast<std::int32_t>(rule),
                             static_cast<std::int32_t>(how), &out));
    return array(out);
  }
  /// The elements packed in `how`: the same memory when they already are, else a copy.
  [[nodiscard]] array contiguous(order how) const {
    strided_array* out = nullptr;
    check(strided_array_contiguous(handle_, static_cast<std::int32_t>(how), &out));
    return array(out);
  }

  // Looking --------------------------------------------------------------------------------------------------------

  /// A view that borrows this array's memory, while any share of it lives. Not of temporaries.
  [[nodiscard]] strided::view view() const& { return strided::view(*c_view()); }
  strided::view view() const&& = delete;
  operator strided::view() const& { return view(); }
  operator strided::view() const&& = delete;
  /// Typed element access; borrows like view().
  template <class T, int N>
  [[nodiscard]] view_of<T, N> as() const& {
    return view_of<T, N>(view());
  }
  template <class T, int N>
  view_of<T, N> as() const&& = delete;

  [[nodiscard]] strided::dtype dtype() const { return static_cast<strided::dtype>(c_view()->dtype); }
  [[nodiscard]] int ndim() const { return c_view()->ndim; }
  [[nodiscard]] std::int64_t size() const { return strided_view_size(c_view()); }
  [[nodiscard]] dims shape() const { return dims(c_view()->shape, static_cast<std::size_t>(c_view()->ndim)); }
  /// In bytes.
  [[nodiscard]] dims strides() const { return dims(c_view()->strides, static_cast<std::size_t>(c_view()->ndim)); }
  [[nodiscard]] const void* data() const { return c_view()->data; }
  [[nodiscard]] std::string to_string() const { return detail::text_of(&strided_format, c_view()); }
  [[nodiscard]] std::string describe() const { return detail::text_of(&strided_describe, c_view()); }
  friend std::ostream& operator<<(std::ostream& out, const array& a) { return out << a.to_string(); }

  /// How many handles share the memory now; only a hint while other threads copy or drop arrays. 0 when empty.
  [[nodiscard]] std::int64_t shares() const noexcept { return handle_ == nullptr ? 0 : strided_array_shares(handle_); }
  /// Whether it owns anything.
  explicit operator bool() const noexcept { return handle_ != nullptr; }

  // To and from C --------------------------------------------------------------------------------------------------

  /// The handle, still owned by this array.
  [[nodiscard]] strided_array* c_array() const noexcept { return handle_; }
  /// The C struct; throws STRIDED_E_NULL when empty.
  [[nodiscard]] const strided_view* c_view() const {
    if (handle_ == nullptr) detail::refuse(STRIDED_E_NULL, "array", "this", "the array is empty");
    return strided_array_view(handle_);
  }
  /// Gives the share away: whoever takes the handle must release it.
  [[nodiscard]] strided_array* release() noexcept { return std::exchange(handle_, nullptr); }
  /// Drops the share.
  void reset() noexcept { array().swap(*this); }

 private:
  explicit array(strided_array* handle) noexcept : handle_(handle) {}

  strided_array* handle_ = nullptr;
};

inline operand::operand(const array& a) : view_(a.c_view()) {}

// ---------------------------------------------------------------------------------------------------------------------
// 8. Computing
// ---------------------------------------------------------------------------------------------------------------------
// Operands are views, arrays or view_ofs, of any dtypes and strides; inputs are broadcast, outputs never. Results are
// cast to the output's dtype under same_kind. The caller sees to it that nobody else writes the elements meanwhile.

namespace detail {

template <class V>
inline constexpr bool is_operand_v = std::is_convertible_v<const V&, operand>;

/// F when an input is Fortran-ordered and none is C-ordered, else C.
inline order common_order(const strided_view* const* inputs, std::size_t count) noexcept {
  bool some_f = false;
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint32_t bits = strided_view_query(inputs[k]) & (STRIDED_IS_C_CONTIGUOUS | STRIDED_IS_F_CONTIGUOUS);
    if (bits == STRIDED_IS_C_CONTIGUOUS) return order::C;
    if (bits == STRIDED_IS_F_CONTIGUOUS) some_f = true;
  }
  return some_f ? order::F : order::C;
}

inline dims common_shape(const strided_view* const* views, std::size_t count) {
  std::int32_t ndim = 0;
  std::int64_t shape[STRIDED_MAX_NDIM];
  shape[0] = 0;
  check(strided_broadcast_shapes(static_cast<std::int32_t>(count), views, &ndim, shape));
  return dims(shape, static_cast<std::size_t>(ndim));
}

inline bool is_float(dtype type) noexcept { return type >= dtype::f16 && type <= dtype::c128; }
inline bool is_unsigned(dtype type) noexcept { return type >= dtype::u8 && type <= dtype::u64; }

}  // namespace detail

/// The shape to which operands broadcast; throws STRIDED_E_BROADCAST.
template <class... V, std::enable_if_t<(sizeof...(V) > 0) && (detail::is_operand_v<V> && ...), int> = 0>
[[nodiscard]] dims broadcast_shapes(const V&... v) {
  const operand operands[] = {v...};
  const strided_view* list[sizeof...(V)];
  for (std::size_t k = 0; k < sizeof...(V); ++k) list[k] = operands[k].c_view();
  return detail::common_shape(list, sizeof...(V));
}

/// The operands broadcast against each other: read-only views of one shape. Operands that own memory must outlive them.
///
///     auto [x, y] = broadcast(column, row);
template <class... V, std::enable_if_t<(sizeof...(V) > 0) && (detail::is_operand_v<V> && ...), int> = 0>
[[nodiscard]] std::array<view, sizeof...(V)> broadcast(const V&... v) {
  const dims shape = broadcast_shapes(v...);
  return {view(*operand(v).c_view()).broadcast_to(shape)...};
}

/// Copies `src`, broadcast, to the elements of `dst`, converting under same_kind. The two may overlap.
inline void copy(const operand& src, const operand& dst) { check(strided_copy(src.c_view(), dst.c_view())); }
/// New memory with the elements of `src`, packed in `how`.
[[nodiscard]] inline array copy(const operand& src, order how) {
  strided_array* out = nullptr;
  check(strided_array_copy(src.c_view(), static_cast<std::int32_t>(how), &out));
  return array::take(out);
}
/// Copies with the conversions that `rule` allows. Floats to integers saturate, NaN becomes 0.
inline void copy_cast(const operand& src, const operand& dst, casting rule) {
  check(strided_copy_cast(src.c_view(), dst.c_view(), static_cast<std::int32_t>(rule)));
}
/// New memory with the elements of `src` converted.
[[nodiscard]] inline array cast(const operand& src, dtype type, casting rule, order how) {
  strided_array* out = nullptr;
  check(strided_array_cast(src.c_view(), static_cast<std::int32_t>(type), static_cast<std::int32_t>(rule),
                           static_cast<std::int32_t>(how), &out));
  return array::take(out);
}

namespace detail {

template <class To, class From>
constexpr bool fits(From value) noexcept {
  if (value < From{0}) {
    return std::is_signed_v<To> &&
           static_cast<std::intmax_t>(value) >= static_cast<std::intmax_t>(std::numeric_limits<To>::min());
  }
  return static_cast<std::uintmax_t>(value) <= static_cast<std::uintmax_t>(std::numeric_limits<To>::max());
}

/// Whether an integer dtype can hold a value.
template <class From>
bool fits(From value, dtype to) noexcept {
  switch (to) {
    case dtype::boolean: return fits<bool>(value);
    case dtype::i8: return fits<std::int8_t>(value);
    case dtype::i16: return fits<std::int16_t>(value);
    case dtype::i32: return fits<std::int32_t>(value);
    case dtype::i64: return fits<std::int64_t>(value);
    case dtype::u8: return fits<std::uint8_t>(value);
    case dtype::u16: return fits<std::uint16_t>(value);
    case dtype::u32: return fits<std::uint32_t>(value);
    case dtype::u64: return fits<std::uint64_t>(value);
    default: return true;
  }
}

}  // namespace detail

/// Sets every element to one value. An integer fills any dtype that can hold it (STRIDED_E_VALUE if it can not), as a
/// Python integer does in NumPy; other values are cast under same_kind (STRIDED_E_CASTING: 0.5 into integers). A record
/// fills opaque elements of its size.
template <class T, std::enable_if_t<is_element_v<T>, int> = 0>
void fill(const operand& out, const T& value) {
  constexpr dtype type = dtype_of<T>();
  const strided_view* v = out.c_view();
  if constexpr (type == dtype::opaque) detail::check_elements<const T>(*v, "fill");
  if constexpr (detail::is_count_v<T>) {
    const dtype to = out.dtype();
    if (!detail::fits(value, to)) {
      detail::refuse(STRIDED_E_VALUE, "fill", "value", std::to_string(value) + " is out of range for " + name(to));
    }
    if (to == dtype::boolean) {
      const bool truth = value != 0;
      return check(strided_fill(v, STRIDED_BOOL, &truth));
    }
    if (detail::is_unsigned(to)) {
      const auto positive = static_cast<std::uint64_t>(value);
      return check(strided_fill(v, STRIDED_U64, &positive));
    }
  }
  check(strided_fill(v, static_cast<std::int32_t>(type), &value));
}

/// out = op(v) for an operation of strided.h (STRIDED_SQRT, ...).
inline void unary(std::int32_t op, const operand& v, const operand& out) {
  check(strided_unary(op, v.c_view(), out.c_view()));
}
/// The same in new memory: the dtype that NumPy would give, in F order when the input is and is not in C order, else in C
/// order.
[[nodiscard]] inline array unary(std::int32_t op, const operand& v) {
  const strided_view* const input[] = {v.c_view()};
  std::int32_t type = 0;
  check(strided_unary_result_type(op, static_cast<std::int32_t>(v.dtype()), &type));
  array out = array::uninit(dtype{type}, detail::common_shape(input, 1), detail::common_order(input, 1));
  unary(op, v, out);
  return out;
}

/// out = a op b for an operation of strided.h (STRIDED_ADD, ...).
inline void binary(std::int32_t op, const operand& a, const operand& b, const operand& out) {
  check(strided_binary(op, a.c_view(), b.c_view(), out.c_view()));
}
/// The same in new memory: the dtype that NumPy would give, the broadcast shape, in F order when an input is and none is in
/// C order, else in C order.
[[nodiscard]] inline array binary(std::int32_t op, const operand& a, const operand& b) {
  const strided_view* const inputs[] = {a.c_view(), b.c_view()};
  std::int32_t type = 0;
  check(strided_binary_result_type(op, static_cast<std::int32_t>(a.dtype()), static_cast<std::int32_t>(b.dtype()), &type));
  array out = array::uninit(dtype{type}, detail::common_shape(inputs, 2), detail::common_order(inputs, 2));
  binary(op, a, b, out);
  return out;
}

/// `unary` where the mask, bools that are broadcast, is true; the other elements of `out` stay.
inline void unary_where(std::int32_t op, const operand& v, const operand& mask, const operand& out) {
  check(strided_unary_where(op, v.c_view(), mask.c_view(), out.c_view()));
}
/// `binary` where the mask, bools that are broadcast, is true; the other elements of `out` stay.
inline void binary_where(std::int32_t op, const operand& a, const operand& b, const operand& mask, const operand& out) {
  check(strided_binary_where(op, a.c_view(), b.c_view(), mask.c_view(), out.c_view()));
}

/// out = a where the mask is not 0, else b. The mask may have any dtype but opaque.
inline void where(const operand& mask, const operand& a, const operand& b, const operand& out) {
  check(strided_where(mask.c_view(), a.c_view(), b.c_view(), out.c_view()));
}
/// The same in new memory of the promoted dtype.
[[nodiscard]] inline array where(const operand& mask, const operand& a, const operand& b) {
  const strided_view* const inputs[] = {a.c_view(), b.c_view(), mask.c_view()};
  array out = array::uninit(result_type(a.dtype(), b.dtype()), detail::common_shape(inputs, 3),
                            detail::common_order(inputs, 3));
  where(mask, a, b, out);
  return out;
}

/// The number of elements of `v` at which the mask, bools that are broadcast to `v`, is true.
[[nodiscard]] inline std::int64_t count(const operand& v, const operand& mask) {
  std::int64_t found = 0;
  check(strided_compress(v.c_view(), mask.c_view(), STRIDED_ORDER_C, nullptr, &found));
  return found;
}
/// Copies those elements, in C or F order of their indices, to the beginning of `out`, which has one axis and the dtype of `v`;
/// returns how many there are. What lies behind them stays.
inline std::int64_t compress(const operand& v, const operand& mask, const operand& out, order order = order::C) {
  std::int64_t found = 0;
  check(strided_compress(v.c_view(), mask.c_view(), static_cast<std::int32_t>(order), out.c_view(), &found));
  return found;
}
/// The same in new memory: NumPy's v[mask].
[[nodiscard]] inline array compress(const operand& v, const operand& mask, order order = order::C) {
  array out = array::uninit(v.dtype(), {count(v, mask)}, order::C);
  compress(v, mask, out, order);
  return out;
}

/// out = minimum(maximum(v, low), high). For one bound alone use maximum or minimum.
inline void clip(const operand& v, const operand& low, const operand& high, const operand& out) {
  check(strided_clip(v.c_view(), low.c_view(), high.c_view(), out.c_view()));
}
/// The same in new memory of the promoted dtype, i8 for bools.
[[nodiscard]] inline array clip(const operand& v, const operand& low, const operand& high) {
  const strided_view* const inputs[] = {v.c_view(), low.c_view(), high.c_view()};
  dtype type = result_type(result_type(v.dtype(), low.dtype()), high.dtype());
  if (type == dtype::boolean) type = dtype::i8;
  array out = array::uninit(type, detail::common_shape(inputs, 3), detail::common_order(inputs, 3));
  clip(v, low, high, out);
  return out;
}

/// out = a * b + c with one rounding.
inline void fma(const operand& a, const operand& b, const operand& c, const operand& out) {
  check(strided_fma(a.c_view(), b.c_view(), c.c_view(), out.c_view()));
}
/// The same in new memory of the promoted dtype.
[[nodiscard]] inline array fma(const operand& a, const operand& b, const operand& c) {
  const strided_view* const inputs[] = {a.c_view(), b.c_view(), c.c_view()};
  array out = array::uninit(result_type(result_type(a.dtype(), b.dtype()), c.dtype()), detail::common_shape(inputs, 3),
                            detail::common_order(inputs, 3));
  fma(a, b, c, out);
  return out;
}

namespace detail {

/// The shape of a reduction's result. An array without axes may be reduced over axis 0 or -1, as in NumPy.
inline dims reduced_shape(const strided_view& in, const axes& over, bool keep) {
  bool reduced[STRIDED_MAX_NDIM] = {};
  for (const std::int32_t axis : over) {
    if (in.ndim == 0 && (axis == 0 || axis == -1) && over.size() == 1) break;
    const std::int64_t from_start = axis < 0 ? std::int64_t{axis} + in.ndim : std::int64_t{axis};
    if (from_start < 0 || from_start >= in.ndim) {
      refuse(STRIDED_E_AXIS, "reduce", "axes",
             "axis " + std::to_string(axis) + " is out of range for a view with " + std::to_string(in.ndim) +
                 " dimensions");
    }
    if (reduced[from_start]) refuse(STRIDED_E_AXIS, "reduce", "axes", "axis " + std::to_string(axis) + " is repeated");
    reduced[from_start] = true;
  }
  dims shape;
  for (std::int32_t k = 0; k < in.ndim; ++k) {
    if (!over.is_all() && !reduced[k]) {
      shape.push(in.shape[k]);
    } else if (keep) {
      shape.push(1);
    }
  }
  return shape;
}

}  // namespace detail

/// Reduces axes by an operation of strided.h (STRIDED_SUM, ...). `out` has the shape of the input without these axes, or
/// with extent 1 there when `keep`.
inline void reduce(std::int32_t op, const operand& in, const axes& over, bool keep, const operand& out) {
  check(strided_reduce(op, in.c_view(), over.c_count(), over.c_axes(), keep ? 1 : 0, out.c_view()));
}
/// The same in new memory, in C order and of the dtype that NumPy would give.
[[nodiscard]] inline array reduce(std::int32_t op, const operand& in, const axes& over = axes::all(),
                                  bool keep = false) {
  std::int32_t type = 0;
  check(strided_reduce_result_type(op, static_cast<std::int32_t>(in.dtype()), &type));
  array out = array::uninit(dtype{type}, detail::reduced_shape(*in.c_view(), over, keep), order::C);
  reduce(op, in, over, keep, out);
  return out;
}

/// A running operation of strided.h (STRIDED_CUMULATIVE_SUM, ...) along an axis. `out` has the shape of the input and may be it.
inline void accumulate(std::int32_t op, const operand& v, std::int32_t axis, const operand& out) {
  check(strided_accumulate(op, v.c_view(), axis, out.c_view()));
}
/// The same in new memory, in C order and of the dtype that NumPy would give.
[[nodiscard]] inline array accumulate(std::int32_t op, const operand& v, std::int32_t axis) {
  std::int32_t type = 0;
  check(strided_accumulate_result_type(op, static_cast<std::int32_t>(v.dtype()), &type));
  const strided_view& in = *v.c_view();
  dims shape;
  for (std::int32_t k = 0; k < in.ndim; ++k) shape.push(in.shape[k]);
  array out = array::uninit(dtype{type}, shape, order::C);
  accumulate(op, v, axis, out);
  return out;
}

/// What a reduction can be told beside its axes. The mask is borrowed until the reduction is done.
///
///     reduce(STRIDED_VAR, v, {0}, false, reduce_options().where(mask).ddof(1), out);
class reduce_options {
 public:
  /// Only elements under true take part; bools, broadcast to the input.
  reduce_options& where(const view& mask) noexcept {
    options_.where = mask.c_view();
    return *this;
  }
  reduce_options& where(const array& mask) noexcept {
    options_.where = operand(mask).c_view();
    return *this;
  }
  /// Joined with every result of sum, prod, min, max, any and all.
  template <class T, std::enable_if_t<is_element_v<T>, int> = 0>
  reduce_options& initial(const T& value) noexcept {
    static_assert(sizeof(T) <= sizeof initial_ && dtype_of<T>() != dtype::opaque, "a number");
    std::memcpy(initial_, &value, sizeof value);
    options_.initial_dtype = static_cast<std::int32_t>(dtype_of<T>());
    return *this;
  }
  /// What var and std subtract from the number of elements.
  reduce_options& ddof(double value) noexcept {
    options_.ddof = value;
    return *this;
  }
  /// As the C functions take it.
  [[nodiscard]] strided_reduce_options c_options() const noexcept {
    strided_reduce_options options = options_;
    if (options.initial_dtype != 0) options.initial = initial_;
    return options;
  }

 private:
  strided_reduce_options options_ = {};
  unsigned char initial_[16] = {};
};

/// Reduces axes with options.
inline void reduce(std::int32_t op, const operand& in, const axes& over, bool keep, const reduce_options& options,
                   const operand& out) {
  const strided_reduce_options c = options.c_options();
  check(strided_reduce_with(op, in.c_view(), over.c_count(), over.c_axes(), keep ? 1 : 0, &c, out.c_view()));
}
/// The same in new memory.
[[nodiscard]] inline array reduce(std::int32_t op, const operand& in, const axes& over, bool keep,
                                  const reduce_options& options) {
  std::int32_t type = 0;
  check(strided_reduce_result_type(op, static_cast<std::int32_t>(in.dtype()), &type));
  array out = array::uninit(dtype{type}, detail::reduced_shape(*in.c_view(), over, keep), order::C);
  reduce(op, in, over, keep, options, out);
  return out;
}

/// The sums of the products of a and b, broadcast together, over axes of their common shape.
inline void dot(const operand& a, const operand& b, const axes& over, bool keep, const operand& out) {
  check(strided_dot(a.c_view(), b.c_view(), over.c_count(), over.c_axes(), keep ? 1 : 0, out.c_view()));
}
/// dot with the complex conjugate of a.
inline void vdot(const operand& a, const operand& b, const axes& over, bool keep, const operand& out) {
  check(strided_vdot(a.c_view(), b.c_view(), over.c_count(), over.c_axes(), keep ? 1 : 0, out.c_view()));
}

namespace detail {

/// A new array for an inner product.
inline array dot_result(const operand& a, const operand& b, const axes& over, bool keep) {
  const strided_view* const inputs[] = {a.c_view(), b.c_view()};
  const dims shape = common_shape(inputs, 2);
  strided_view common = {};
  common.ndim = static_cast<std::int32_t>(shape.size());
  for (std::int32_t k = 0; k < common.ndim; ++k) common.shape[k] = shape[static_cast<std::size_t>(k)];
  return array::uninit(result_type(a.dtype(), b.dtype()), reduced_shape(common, over, keep), order::C);
}

}  // namespace detail

/// dot in new memory of the promoted dtype: all elements, or over some axes.
[[nodiscard]] inline array dot(const operand& a, const operand& b, const axes& over = axes::all(), bool keep = false) {
  array out = detail::dot_result(a, b, over, keep);
  dot(a, b, over, keep, out);
  return out;
}
/// vdot in new memory.
[[nodiscard]] inline array vdot(const operand& a, const operand& b, const axes& over = axes::all(), bool keep = false) {
  array out = detail::dot_result(a, b, over, keep);
  vdot(a, b, over, keep, out);
  return out;
}

// add(a, b), sqrt(v), sum(v, {0}) and all other operations by their names: strided_operations.hpp.

/// The one element of a view without axes or with one element, such as a full reduction:
///
///     double total = item<double>(sum(m));
///
/// Throws STRIDED_E_SHAPE for any other number of elements, and as view_of for another type.
template <class T>
[[nodiscard]] T item(const operand& from) {
  const strided_view& v = *from.c_view();
  detail::check_elements<const T>(v, "item");
  if (strided_view_size(&v) != 1) {
    detail::refuse(STRIDED_E_SHAPE, "item", "view", std::to_string(strided_view_size(&v)) + " elements instead of one");
  }
  std::remove_const_t<T> value;
  std::memcpy(&value, v.data, sizeof value);
  return value;
}

/// The elements as numpy.array2string shows them; takes temporaries.
[[nodiscard]] inline std::string to_string(const operand& v) { return detail::text_of(&strided_format, v.c_view()); }

/// Writes a NumPy .npy file, in C or F order as the elements lie.
inline void save_npy(const std::string& path, const operand& v) { check(strided_npy_save(path.c_str(), v.c_view())); }
/// Reads a NumPy .npy file into new memory.
[[nodiscard]] inline array load_npy(const std::string& path) {
  strided_array* out = nullptr;
  check(strided_npy_load(path.c_str(), &out));
  return array::take(out);
}

// ---------------------------------------------------------------------------------------------------------------------
// 9. for_each
// ---------------------------------------------------------------------------------------------------------------------

namespace detail {

// How an inner loop reaches the elements of one operand. The usual cases are types of their own, so that the compiler
// sees constant strides and can use vector instructions.

/// Neighbours in memory.
template <class T>
struct packed_run {
  T* at;
  T& operator[](std::int64_t i) const noexcept { return at[i]; }
};
/// One input element for the whole run: kept in a register, also where the compiler can not rule out that an output
/// overwrites it.
template <class T>
struct repeated_run {
  T value;
  const T& operator[](std::int64_t) const noexcept { return value; }
};
/// Anything, by bytes.
template <class T>
struct strided_run {
  char* at;
  std::int64_t stride;
  T& operator[](std::int64_t i) const noexcept { return *reinterpret_cast<T*>(at + i * stride); }
};

/// The bridge between the library's loop nest and a callable. No exception passes through the C frames: the first is
/// kept, further runs do nothing, and the caller throws it again.
template <class F, class... T>
class element_loop {
 public:
  explicit element_loop(F& function) noexcept : function_(function) {}

  static void run(void* ctx, std::int64_t count, void* const* pointers, const std::int64_t* strides) noexcept {
    auto& self = *static_cast<element_loop*>(ctx);
    if (self.failure_ != nullptr) return;
    try {
      self.template choose<0>(count, pointers, strides);
    } catch (...) {
      self.failure_ = std::current_exception();
    }
  }
  void rethrow() const {
    if (failure_ != nullptr) std::rethrow_exception(failure_);
  }

 private:
  static constexpr std::size_t operands = sizeof...(T);

  /// Decides operand by operand how it is reached; as soon as one needs it, all are reached by bytes.
  template <std::size_t K, class... Run>
  void choose(std::int64_t count, void* const* pointers, const std::int64_t* strides, const Run&... chosen) {
    if constexpr (K == operands) {
      for (std::int64_t i = 0; i < count; ++i) function_(chosen[i]...);
    } else {
      using E = std::tuple_element_t<K, std::tuple<T...>>;
      if (strides[K] == static_cast<std::int64_t>(sizeof(E))) {
        return choose<K + 1>(count, pointers, strides, chosen..., packed_run<E>{static_cast<E*>(pointers[K])});
      }
      // Each input doubles the number of loops that are compiled: only for few operands.
      if constexpr (std::is_const_v<E> && operands <= 4) {
        if (strides[K] == 0) {
          const repeated_run<std::remove_const_t<E>> one{*static_cast<E*>(pointers[K])};
          return choose<K + 1>(count, pointers, strides, chosen..., one);
        }
      }
      by_bytes(count, pointers, strides, std::index_sequence_for<T...>{});
    }
  }
  template <std::size_t... K>
  void by_bytes(std::int64_t count, void* const* pointers, const std::int64_t* strides, std::index_sequence<K...>) {
    by_bytes_over(count, strided_run<T>{static_cast<char*>(pointers[K]), strides[K]}...);
  }
  template <class... Run>
  void by_bytes_over(std::int64_t count, const Run&... runs) {
    for (std::int64_t i = 0; i < count; ++i) function_(runs[i]...);
  }

  F& function_;
  std::exception_ptr failure_;
};

inline bool same_shape(const strided_view& a, const strided_view& b) noexcept {
  if (a.ndim != b.ndim) return false;
  for (std::int32_t k = 0; k < a.ndim; ++k) {
    if (a.shape[k] != b.shape[k]) return false;
  }
  return true;
}

inline void check_not_broadcast(const strided_view* const* views, std::size_t count, std::size_t k) {
  const dims shape = common_shape(views, count);
  const dims own(views[k]->shape, static_cast<std::size_t>(views[k]->ndim));
  if (own != shape) {
    refuse(STRIDED_E_BROADCAST, "for_each", "views",
           "operand " + std::to_string(k) + " is written, and can not be broadcast from " + own.to_string() + " to " +
               shape.to_string());
  }
}

/// Refuses operands that are written, but do not have one element for each call.
template <std::size_t Count>
void check_written(const strided_view* const (&views)[Count], const bool (&written)[Count]) {
  bool same = true;
  for (std::size_t k = 1; k < Count; ++k) same = same && same_shape(*views[k], *views[0]);
  for (std::size_t k = 0; k < Count; ++k) {
    if (!written[k]) continue;
    if (!same) check_not_broadcast(views, Count, k);
    if ((strided_view_query(views[k]) & STRIDED_IS_SELF_OVERLAP) != 0) {
      refuse(STRIDED_E_SELF_OVERLAP, "for_each", "views",
             "operand " + std::to_string(k) + " is written, and some of its elements share memory");
    }
  }
}

template <class... T, class F, std::size_t Count>
void run_for_each(F& function, const strided_view* const (&views)[Count]) {
  if constexpr (!(std::is_const_v<T> && ...)) check_written<Count>(views, {!std::is_const_v<T>...});
  element_loop<F, T...> loop(function);
  check(strided_foreach(static_cast<std::int32_t>(Count), views, 0, &element_loop<F, T...>::run, &loop));
  loop.rethrow();
}

}  // namespace detail

/// Calls `function(a, b, ...)` once for every position of the operands, broadcast against each other, in the order that
/// suits their memory (so do not count on any order). The call is inlined into the inner loop.
///
///     view_of<double, 2> out(...); view_of<const double, 2> in(...); view_of<const double, 1> row(...);
///     for_each([](double& o, const double& x, const double& r) { o = x * x + r; }, out, in, row);
///
/// Operands with elements that are not const are taken to be written: they must have the full shape (STRIDED_E_BROADCAST)
/// and no two elements in the same memory (STRIDED_E_SELF_OVERLAP). Inputs that overlap an output elsewhere than at the
/// same position may be seen before or after the write, and a const element may be a copy: use its value, not its
/// address. An exception of the callable ends the loop and comes out of for_each; positions done until then stay done.
/// Runs on the calling thread.
template <class F, class... T, int... N,
          std::enable_if_t<(sizeof...(T) > 0) && std::is_invocable_v<F&, T&...>, int> = 0>
void for_each(F&& function, const view_of<T, N>&... views) {
  const operand operands[] = {views...};
  const strided_view* list[sizeof...(T)];
  for (std::size_t k = 0; k < sizeof...(T); ++k) list[k] = operands[k].c_view();
  detail::run_for_each<T...>(function, list);
}

/// The same for views and arrays of any number of axes; the element types are named, and checked as in view_of.
///
///     for_each<double, const float>([](double& o, const float& x) { o += x; }, a, b.view().transpose());
template <class... T, class F, class... V,
          std::enable_if_t<(sizeof...(T) > 0) && sizeof...(T) == sizeof...(V) && (detail::is_operand_v<V> && ...) &&
                               std::is_invocable_v<F&, T&...>, int> = 0>
void for_each(F&& function, const V&... views) {
  const operand operands[] = {views...};
  const strided_view* list[sizeof...(V)];
  for (std::size_t k = 0; k < sizeof...(V); ++k) list[k] = operands[k].c_view();
  std::size_t k = 0;
  (detail::check_aligned_elements<T>(*list[k++], "for_each"), ...);
  detail::run_for_each<T...>(function, list);
}

#if STRIDED_HAS_MDSPAN
// ---------------------------------------------------------------------------------------------------------------------
// 10. mdspan
// ---------------------------------------------------------------------------------------------------------------------

namespace detail {
namespace md = STRIDED_MDSPAN_NAMESPACE;

/// Whether a permutation of the axes puts each stride at or beyond the end of the one before: the condition of
/// std::layout_stride, under which no two elements share memory.
template <std::size_t N>
bool is_nested(const std::array<std::int64_t, N>& shape, std::array<std::int64_t, N> strides) noexcept {
  std::array<std::int64_t, N> sorted_shape = shape;
  for (std::size_t k = 0; k < N; ++k) {
    if (shape[k] == 0) return true;
    if (strides[k] < 0) strides[k] = -strides[k];
    for (std::size_t j = k; j > 0 && strides[j] < strides[j - 1]; --j) {
      std::swap(strides[j], strides[j - 1]);
      std::swap(sorted_shape[j], sorted_shape[j - 1]);
    }
  }
  std::int64_t end = 1;
  for (std::size_t k = 0; k < N; ++k) {
    if (sorted_shape[k] == 1) continue;
    if (strides[k] < end) return false;
    end = strides[k] * sorted_shape[k];
  }
  return true;
}

/// The strides of packed elements; axes without elements count as 1, so that strides stay positive.
template <std::size_t N>
std::array<std::int64_t, N> packed_strides(const std::array<std::int64_t, N>& shape, order how) noexcept {
  std::array<std::int64_t, N> strides{};
  std::int64_t next = 1;
  for (std::size_t step = 0; step < N; ++step) {
    const std::size_t k = how == order::F ? step : N - 1 - step;
    strides[k] = next;
    next *= shape[k] > 0 ? shape[k] : 1;
  }
  return strides;
}

/// Strides that mean the same and satisfy std::layout_stride: those of axes with one element are free, and without
/// elements all are. Throws when there are none: axes that run backwards or repeat, or elements that share memory.
template <class T, int N>
typename view_of<T, N>::list layout_stride_strides(const view_of<T, N>& v) {
  if (v.empty()) return packed_strides(v.shape(), order::C);
  auto strides = v.strides();
  for (std::size_t k = 0; k < strides.size(); ++k) {
    if (v.shape()[k] == 1) {
      strides[k] = 1;
    } else if (strides[k] <= 0) {
      refuse(STRIDED_E_VALUE, "to_mdspan", "view",
             "axis " + std::to_string(k) + " has stride " + std::to_string(strides[k]) +
                 ", layout_stride needs strides above 0; layout_signed takes any");
    }
  }
  if (!is_nested(v.shape(), strides)) {
    refuse(STRIDED_E_SELF_OVERLAP, "to_mdspan", "view",
           "layout_stride needs axes that do not interleave; layout_signed takes any");
  }
  return strides;
}

}  // namespace detail

/// A layout policy for mdspan that takes every view: strides of any sign, and 0. (std::layout_stride demands strides
/// above 0, and does not check.) The mdspan's data handle is the lowest address, as mappings may not be negative.
struct layout_signed {
  template <class Extents>
  class mapping {
   public:
    using extents_type = Extents;
    using index_type = typename Extents::index_type;
    using size_type = typename Extents::size_type;
    using rank_type = typename Extents::rank_type;
    using layout_type = layout_signed;
    using array_type = std::array<std::int64_t, Extents::rank()>;

    mapping() noexcept = default;
    /// Strides in elements.
    mapping(const Extents& extents, const array_type& strides) noexcept : extents_(extents), strides_(strides) {
      for (std::size_t k = 0; k < strides_.size(); ++k) {
        if (shape()[k] == 0) {
          origin_ = 0;
          return;
        }
        if (strides_[k] < 0) origin_ -= strides_[k] * (shape()[k] - 1);
      }
    }

    [[nodiscard]] const Extents& extents() const noexcept { return extents_; }
    [[nodiscard]] index_type required_span_size() const noexcept {
      std::int64_t size = 1;
      for (std::size_t k = 0; k < strides_.size(); ++k) {
        if (shape()[k] == 0) return 0;
        size += (strides_[k] < 0 ? -strides_[k] : strides_[k]) * (shape()[k] - 1);
      }
      return static_cast<index_type>(size);
    }
    template <class... I, std::enable_if_t<sizeof...(I) == Extents::rank() &&
                                               (std::is_convertible_v<I, index_type> && ...), int> = 0>
    [[nodiscard]] index_type operator()(I... i) const noexcept {
      return at(std::make_index_sequence<sizeof...(I)>{}, static_cast<std::int64_t>(i)...);
    }

    [[nodiscard]] static constexpr bool is_always_unique() noexcept { return false; }
    [[nodiscard]] static constexpr bool is_always_exhaustive() noexcept { return false; }
    /// No, so that it does not turn into a layout_stride, which could not hold it.
    [[nodiscard]] static constexpr bool is_always_strided() noexcept { return false; }
    [[nodiscard]] bool is_unique() const noexcept { return detail::is_nested(shape(), strides_); }
    [[nodiscard]] bool is_exhaustive() const noexcept {
      std::int64_t size = 1;
      for (const std::int64_t extent : shape()) size *= extent;
      return is_unique() && static_cast<std::int64_t>(required_span_size()) == size;
    }
    [[nodiscard]] static constexpr bool is_strided() noexcept { return true; }
    [[nodiscard]] index_type stride(rank_type k) const noexcept { return static_cast<index_type>(strides_[k]); }
    friend bool operator==(const mapping& a, const mapping& b) noexcept {
      return a.extents_ == b.extents_ && a.strides_ == b.strides_;
    }

   private:
    [[nodiscard]] array_type shape() const noexcept {
      array_type out{};
      for (std::size_t k = 0; k < out.size(); ++k) {
        out[k] = static_cast<std::int64_t>(extents_.extent(static_cast<rank_type>(k)));
      }
      return out;
    }
    template <std::size_t... K, class... I>
    index_type at(std::index_sequence<K...>, I... i) const noexcept {
      return static_cast<index_type>((origin_ + ... + (i * strides_[K])));
    }

    Extents extents_{};
    array_type strides_{};
    std::int64_t origin_ = 0;
  };
};

/// The mdspan of a typed view: the same elements, no copy; the memory must outlive it.
///
///     auto m = to_mdspan(v);                       // layout_stride
///     auto r = to_mdspan<std::layout_right>(v);    // for code that wants packed rows; layout_left: packed columns
///     auto s = to_mdspan<strided::layout_signed>(v.untyped().flip().as<double, 2>());
///
/// layout_stride refuses strides that are 0 or negative (STRIDED_E_VALUE) and axes that interleave
/// (STRIDED_E_SELF_OVERLAP); layout_right and layout_left refuse views that are not packed so (STRIDED_E_NEEDS_COPY).
template <class Layout = detail::md::layout_stride, class T, int N>
[[nodiscard]] auto to_mdspan(const view_of<T, N>& v) {
  using extents = detail::md::dextents<std::int64_t, static_cast<std::size_t>(N)>;
  using mdspan = detail::md::mdspan<T, extents, Layout>;
  using mapping = typename Layout::template mapping<extents>;
  const extents shape(v.shape());
  if constexpr (std::is_same_v<Layout, detail::md::layout_stride>) {
    return mdspan(v.data(), mapping(shape, detail::layout_stride_strides(v)));
  } else if constexpr (std::is_same_v<Layout, layout_signed>) {
    const mapping map(shape, v.strides());
    T* lowest = v.data();
    for (int k = 0; k < N && !v.empty(); ++k) {
      if (v.stride(k) < 0) lowest += v.stride(k) * (v.extent(k) - 1);
    }
    return mdspan(lowest, map);
  } else {
    static_assert(std::is_same_v<Layout, detail::md::layout_right> || std::is_same_v<Layout, detail::md::layout_left>,
                  "to_mdspan makes layout_stride, layout_right, layout_left and strided::layout_signed");
    constexpr order how = std::is_same_v<Layout, detail::md::layout_left> ? order::F : order::C;
    const auto packed = detail::packed_strides(v.shape(), how);
    for (std::size_t k = 0; k < packed.size() && !v.empty(); ++k) {
      if (v.shape()[k] > 1 && v.strides()[k] != packed[k]) {
        detail::refuse(STRIDED_E_NEEDS_COPY, "to_mdspan", "view",
                       "axis " + std::to_string(k) + " has stride " + std::to_string(v.strides()[k]) +
                           ", packed elements would have " + std::to_string(packed[k]));
      }
    }
    return mdspan(v.data(), mapping(shape));
  }
}

/// The typed view of an mdspan whose layout has strides; no copy, the memory must outlive it.
///
///     view v = from_mdspan(m).untyped();
template <class T, class Extents, class Layout, class Accessor>
[[nodiscard]] view_of<T, static_cast<int>(Extents::rank())> from_mdspan(
    const detail::md::mdspan<T, Extents, Layout, Accessor>& m) {
  static_assert(std::is_same_v<typename Accessor::data_handle_type, T*> &&
                    std::is_same_v<typename Accessor::reference, T&>,
                "the elements must be plain memory");
  dims shape;
  dims strides;
  bool empty = false;
  for (std::size_t k = 0; k < Extents::rank(); ++k) {
    shape.push(detail::clamp_to<std::int64_t>(m.extent(static_cast<typename Extents::rank_type>(k))));
    empty = empty || shape[k] == 0;
  }
  if constexpr (Extents::rank() > 0) {
    if (!m.mapping().is_strided()) detail::refuse(STRIDED_E_VALUE, "from_mdspan", "mdspan", "the layout has no strides");
    for (std::size_t k = 0; k < Extents::rank(); ++k) {
      strides.push(detail::clamp_to<std::int64_t>(m.mapping().stride(static_cast<typename Extents::rank_type>(k))));
    }
  }
  T* first = m.data_handle();
  if (!empty) {
    // Where [0, 0, ...] lies: not at the handle in layouts that begin at the lowest address.
    const auto zeros = [&m](auto... zero) { return m.mapping()(zero...); };
    const std::array<typename Extents::index_type, Extents::rank()> origin{};
    first += static_cast<std::ptrdiff_t>(std::apply(zeros, origin));
  }
  return view_of<T, static_cast<int>(Extents::rank())>(first, shape, strides);
}

#endif  // STRIDED_HAS_MDSPAN

}  // namespace strided

#undef STRIDED_COLD_

#include "strided_operations.hpp"  // IWYU pragma: export

#endif  // STRIDED_HPP
