// strided::view_of: what is checked when it is made, and element access afterwards.
#include "check.hpp"

#include <algorithm>
#include <numeric>
#if defined(__cpp_lib_ranges)
#include <ranges>
#endif

using namespace strided;

namespace {

void element_access() {
  double field[3][4];
  std::iota(&field[0][0], &field[0][0] + 12, 0.0);
  const view v = view::of(&field[0][0], {3, 4}, order::C);
  const view_of<double, 2> m(v);
  CHECK_EQ(m.data(), &field[0][0]);
  CHECK_EQ(&m(2, 3), &field[2][3]);
  CHECK_EQ(m.extent(0), 3);
  CHECK_EQ(m.stride(0), 4);  // elements
  CHECK_EQ(m.size(), 12);
  CHECK_EQ(&m.at(1, 2), &field[1][2]);
  CHECK_THROWS(m.at(3, 0), STRIDED_E_INDEX, "index 3 is out of range for axis 0 with extent 3");
  CHECK_THROWS(m.at(0, 4), STRIDED_E_INDEX, "axis 1");
  CHECK_THROWS(m.at(-1, 0), STRIDED_E_INDEX, "-1");
  CHECK_THROWS(m.at(~std::uint64_t{0}, 0), STRIDED_E_INDEX, "");
  m(0, 0) = 42.0;
  CHECK_EQ(field[0][0], 42.0);
  const std::size_t i = 1;
  const short j = 2;
  CHECK_EQ(m(i, j), field[1][2]);

  const auto t = v.transpose().as<double, 2>();
  CHECK_EQ(&t(3, 2), &field[2][3]);
  const auto f = v.flip().as<double, 2>();
  CHECK_EQ(f.stride(0), -4);
  CHECK_EQ(&f(0, 0), &field[2][3]);
  CHECK_EQ(&f(2, 3), &field[0][0]);
  const auto b = v.index(0).broadcast_to({5, 4}).as<const double, 2>();
  CHECK_EQ(b.stride(0), 0);
  CHECK_EQ(&b(4, 1), &field[0][1]);
  CHECK_EQ((v.index(1).as<double, 1>()[2]), field[1][2]);
#if defined(__cpp_multidimensional_subscript)
  CHECK_EQ((&m[2, 3]), &field[2][3]);
#else
  checks::skip("m[i, j]: needs C++23");
#endif
}

void straight_from_memory() {
  float data[24] = {};
  const view_of<float, 3> f(data, {2, 3, 4}, order::F);
  CHECK_EQ(&f(1, 2, 3), &data[23]);
  CHECK_EQ(&f(1, 0, 0), &data[1]);
  const view_of<const float, 2> s(data + 5, {2, 2}, dims{-5, 12});
  CHECK_EQ(&s(1, 1), &data[12]);
  const std::size_t rows = 4;
  const view_of<const float, 2> c(data, {rows, 6}, order::C);
  CHECK_EQ(c.stride(0), 6);
  CHECK_THROWS((view_of<float, 2>(data, {24}, order::C)), STRIDED_E_NDIM, "1 dimensions, the C++ type has 2");
  CHECK_THROWS((view_of<float, 1>(data, {-3}, order::C)), STRIDED_E_SHAPE, "");
  CHECK_THROWS((view_of<float, 1>(data, {2}, dims{std::int64_t{1} << 62})), STRIDED_E_OVERFLOW, "");
}

void what_is_refused() {
  double data[12] = {};
  const view v = view::of(data, {3, 4}, order::C);
  CHECK_THROWS((view_of<float, 2>(v)), STRIDED_E_DTYPE, "f64");
  CHECK_THROWS((view_of<std::int64_t, 2>(v)), STRIDED_E_DTYPE, "i64");
  CHECK_THROWS((view_of<double, 1>(v)), STRIDED_E_NDIM, "2 dimensions");
  CHECK_THROWS((view_of<double, 2>(v.readonly())), STRIDED_E_READONLY, "const");
  CHECK_EQ((view_of<const double, 2>(v.readonly()).data()), data);
  const double* constant = data;
  CHECK_THROWS((view::of(constant, {12}, order::C).as<double, 1>()), STRIDED_E_READONLY, "");
  CHECK_THROWS((v.index(0).broadcast_to({3, 4}).as<double, 2>()), STRIDED_E_READONLY, "");
  CHECK_EQ((view::of(constant, {12}, order::C).as<const double, 1>().size()), 12);

  // Alignment, and strides that are no whole elements.
  alignas(8) unsigned char bytes[64] = {};
  CHECK_THROWS((view(bytes + 4, dtype::f64, {2}, order::C).as<double, 1>()), STRIDED_E_VALUE, "not aligned");
  CHECK_THROWS((view(bytes, dtype::f64, {2}, dims{12}).as<double, 1>()), STRIDED_E_VALUE, "not aligned");
  CHECK_THROWS((view(bytes, dtype::c128, {2}, dims{24}).as<std::complex<double>, 1>()), STRIDED_E_VALUE,
               "no multiple of the 16 bytes");
  // Strides that are never taken do not matter.
  CHECK_EQ((view(bytes, dtype::f64, {1}, dims{12}).as<double, 1>().size()), 1);
  CHECK_EQ((view(bytes + 4, dtype::f64, {0, 2}, dims{12, 12}).as<double, 2>().size()), 0);

  struct record {
    int a, b;
  };
  record records[3] = {};
  CHECK_EQ((view::of(records, {3}, order::C).as<record, 1>().data()), records);
  CHECK_THROWS((view::opaque(records, 4, {3}, order::C).as<record, 1>()), STRIDED_E_DTYPE, "4 bytes");
  CHECK_THROWS((view::of(data, {3}, order::C).as<record, 1>()), STRIDED_E_DTYPE, "opaque");
}

void without_axes_and_elements() {
  int one = 7;
  const view_of<int, 0> scalar(view::of(&one, {}, order::C));
  CHECK_EQ(scalar(), 7);
  CHECK_EQ(scalar.at(), 7);
  CHECK_EQ(scalar.size(), 1);
  CHECK_EQ(std::distance(scalar.begin(), scalar.end()), std::ptrdiff_t{1});
  CHECK_EQ(*scalar.begin(), 7);
  const view_of<int, 3> nothing(view::of(&one, {2, 0, 3}, order::C));
  CHECK(nothing.empty());
  CHECK(nothing.begin() == nothing.end());
  CHECK_THROWS(nothing.at(0, 0, 0), STRIDED_E_INDEX, "axis 1 with extent 0");
}

void iterators() {
  int data[24];
  std::iota(data, data + 24, 0);
  const view base = view::of(data, {2, 3, 4}, order::C);
  // Index order, whatever the memory order.
  for (const view& v : {base, base.transpose(), base.flip(), base.index(ellipsis, range(none, none, -2))}) {
    const view_of<int, 3> m(v);
    std::vector<int*> wanted;
    for (std::int64_t i = 0; i < m.extent(0); ++i) {
      for (std::int64_t j = 0; j < m.extent(1); ++j) {
        for (std::int64_t k = 0; k < m.extent(2); ++k) wanted.push_back(&m(i, j, k));
      }
    }
    bool forwards = true;
    std::size_t n = 0;
    for (int& x : m) forwards = forwards && &x == wanted[n++];
    CHECK(forwards && n == wanted.size());
    bool backwards = true;
    for (auto it = m.end(); it != m.begin();) backwards = backwards && &*--it == wanted[--n];
    CHECK(backwards && n == 0);
    bool random = true;
    const auto size = static_cast<std::ptrdiff_t>(wanted.size());
    for (std::ptrdiff_t a = 0; a <= size; ++a) {
      for (std::ptrdiff_t b = 0; b < size; ++b) {
        const auto it = m.begin() + a;
        const auto moved = it + (b - a);
        random = random && &*moved == wanted[static_cast<std::size_t>(b)] && moved - it == b - a && (it < moved) == (a < b);
        auto stepped = moved;
        ++stepped;
        random = random && stepped == m.begin() + (b + 1);
        if (b + 1 < size) random = random && &*stepped == wanted[static_cast<std::size_t>(b + 1)];
      }
    }
    CHECK(random);
  }
  const auto column = base.index(0, range(), 1).as<int, 1>();
  std::sort(column.begin(), column.end(), std::greater<int>());
  CHECK_EQ(checks::show(base.index(0, range(), 1)), std::string("[9 5 1]"));
  CHECK_EQ(*std::max_element(column.begin(), column.end()), 9);
  CHECK_EQ(column.begin()[2], 1);
#if defined(__cpp_lib_ranges)
  CHECK((std::random_access_iterator<view_of<int, 3>::iterator>));
  CHECK((std::ranges::random_access_range<view_of<const float, 2>>));
#else
  checks::skip("std::random_access_iterator: needs C++20's ranges");
#endif
}

void back_to_untyped() {
  double data[12] = {};
  const view_of<double, 2> m(view::of(data, {3, 4}, order::C).flip(0));
  const view v = m.untyped();
  CHECK_EQ(v.strides(), (dims{-32, 8}));
  CHECK_EQ(v.data(), static_cast<const void*>(data + 8));
  CHECK_EQ(v.dtype(), dtype::f64);
  CHECK(!v.is_readonly());
  const view_of<const double, 2> reading = m;
  CHECK_EQ(reading.data(), m.data());
  CHECK(reading.untyped().is_readonly());
  CHECK_THROWS(fill(reading, 1.0), STRIDED_E_READONLY, "");
  fill(m, 1.0);
  CHECK_EQ(data[0], 1.0);
}

}  // namespace

int main() {
  return checks::run(element_access, straight_from_memory, what_is_refused, without_axes_and_elements, iterators,
                     back_to_untyped);
}
