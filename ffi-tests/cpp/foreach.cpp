// for_each: the caller's loop body over broadcast operands, and what must never cross the C frames.
#include "check.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <stdexcept>

using namespace strided;

namespace {

void each_element_once() {
  int data[60];
  std::iota(data, data + 60, 0);
  const view base = view::of(data, {3, 4, 5}, order::C);
  for (const view& v : {base, base.transpose(), base.flip(), base.index(ellipsis, range(none, none, -2)),
                        base.index(range(), 1), base.index(1, 2, 3), base.index(range(0, 0))}) {
    std::set<const int*> seen;
    for_each<int>([&seen](int& x) { seen.insert(&x); }, v);
    CHECK_EQ(static_cast<std::int64_t>(seen.size()), v.size());
    std::set<const int*> wanted;
    const array numbers = copy(v, order::C);  // the elements say where they lie: data[k] == k
    for (const int k : view_of<const int, 1>(numbers.view().ravel(order::C))) wanted.insert(&data[k]);
    CHECK(seen == wanted);
  }
}

void typed_operands() {
  double out_data[12] = {};
  const float in_data[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const double row_data[4] = {100, 200, 300, 400};
  const view_of<double, 2> out(out_data, {3, 4}, order::F);
  const view_of<const float, 2> in(in_data, {3, 4}, order::C);
  const view_of<const double, 1> row(row_data, {4}, order::C);
  for_each([](double& o, const float& x, const double& r) { o = static_cast<double>(x) + r; }, out, in, row);
  bool right = true;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 4; ++j) right = right && out(i, j) == static_cast<double>(in(i, j)) + row(j);
  }
  CHECK(right);

  // The same by names of types, over views and arrays, with values instead of references where they are only read.
  const array again = array::zeros<double>({3, 4}, order::C);
  for_each<double, const float, const double>([](double& o, float x, double r) { o = static_cast<double>(x) + r; },
                                              again, in, row.untyped());
  CHECK_EQ(again.to_string(), to_string(out));

  // A column: stride 0 along the rows.
  const view_of<const double, 2> column(row_data, {3, 1}, order::C);
  for_each([](double& o, const double& c) { o = c; }, out, column);
  CHECK_EQ(to_string(out.untyped().index(1)), std::string("[200. 200. 200. 200.]"));
}

void every_kind_of_stride() {
  // Packed, repeated, stepped and reversed inner runs of all operands, against a plain loop.
  long failures = 0;
  double a_data[64];
  double b_data[64];
  std::iota(a_data, a_data + 64, 1.0);
  std::iota(b_data, b_data + 64, 100.0);
  for (const std::int64_t step_a : {1, 2, -1, -3, 0}) {
    for (const std::int64_t step_b : {1, 2, -1, -3, 0}) {
      for (const std::int64_t step_o : {1, 2, -1, -3}) {
        double o_data[64] = {};
        const view_of<const double, 1> a(a_data + 32, {9}, dims{step_a});
        const view_of<const double, 1> b(b_data + 32, {9}, dims{step_b});
        const view_of<double, 1> o(o_data + 32, {9}, dims{step_o});
        for_each([](double& out, const double& x, const double& y) { out = x * y; }, o, a, b);
        for (int i = 0; i < 9; ++i) failures += o(i) != a(i) * b(i);
        failures += std::count(o_data, o_data + 64, 0.0) != 64 - 9;
      }
    }
  }
  CHECK_EQ(failures, 0L);
}

void many_operands() {
  double data[6][4] = {};
  for (int k = 0; k < 6; ++k) data[k][0] = data[k][3] = k;
  const auto v = [&data](int k) { return view_of<const double, 1>(data[k], {4}, order::C); };
  const view_of<double, 1> out(data[0], {4}, order::C);
  for_each([](double& o, const double& a, const double& b, const double& c, const double& d,
              const double& e) { o = a + b + c + d + e; },
           out, v(1), v(2), v(3), v(4), v(5));
  CHECK(data[0][0] == 15 && data[0][1] == 0 && data[0][3] == 15);
}

void accumulating_in_the_callable() {
  double data[5] = {1, 2, 3, 4, 5};
  double total = 0;
  const auto add_up = [&total](const double& x) { total += x; };
  for_each(add_up, view_of<const double, 1>(data, {5}, order::C));
  CHECK_EQ(total, 15.0);

  // Callables with a state of their own are used in place, not copied.
  struct counter {
    int calls = 0;
    void operator()(const double&) { ++calls; }
  } count;
  for_each(count, view_of<const double, 1>(data, {5}, order::C));
  CHECK_EQ(count.calls, 5);
}

void exceptions_come_out() {
  double data[100] = {};
  const view v = view::of(data, {10, 10}, order::C).index(range(), range(0, 7));  // ten runs
  int calls = 0;
  try {
    for_each<double>(
        [&calls](double& x) {
          if (++calls == 13) throw std::out_of_range("thirteen");
          x = 1;
        },
        v);
    CHECK(false);
  } catch (const std::out_of_range& e) {
    CHECK_EQ(std::string(e.what()), std::string("thirteen"));
  }
  CHECK_EQ(calls, 13);  // nothing after it
  CHECK_EQ(std::count(data, data + 100, 1.0), std::ptrdiff_t{12});
  // The library is as before.
  for_each<double>([](double& x) { x = 2; }, v);
  CHECK_EQ(std::count(data, data + 100, 2.0), std::ptrdiff_t{70});

  bool not_an_exception_class = false;
  try {
    for_each<const double>([](const double&) { throw 5; }, v);
  } catch (int five) {
    not_an_exception_class = five == 5;
  }
  CHECK(not_an_exception_class);

  // One loop inside another, the inner one failing.
  CHECK_THROWS(for_each<const double>([&v](const double&) { for_each<const float>([](const float&) {}, v); }, v),
               STRIDED_E_DTYPE, "f32");
}

void what_is_refused() {
  double data[12] = {};
  const view v = view::of(data, {3, 4}, order::C);
  int calls = 0;
  const auto one = [&calls](const double&) { ++calls; };
  const auto two = [&calls](double&, const double&) { ++calls; };
  const auto write = [&calls](double& x) { ++calls, x = 1; };
  CHECK_THROWS(for_each<const float>([](const float&) {}, v), STRIDED_E_DTYPE, "for_each");
  CHECK_THROWS(for_each<double>(write, v.readonly()), STRIDED_E_READONLY, "");
  CHECK_THROWS((for_each<double, const double>(two, v.index(0), v)), STRIDED_E_BROADCAST, "operand 0 is written");
  CHECK_THROWS((for_each<double, const double>(two, v, view::of(data, {5}, order::C))), STRIDED_E_BROADCAST, "");
  CHECK_THROWS(for_each<double>(write, view::of(data, {3, 4}, dims{0, 8})), STRIDED_E_SELF_OVERLAP, "operand 0");
  CHECK_THROWS(for_each<double>(write, view::of(data, {3, 4}, dims{8, 8})), STRIDED_E_SELF_OVERLAP, "");
  CHECK_THROWS(for_each<const double>(one, view(reinterpret_cast<unsigned char*>(data) + 4, dtype::f64, {3}, order::C)),
               STRIDED_E_VALUE, "not aligned");
  CHECK_EQ(calls, 0);
  for_each<const double>(one, v.index(0).broadcast_to({3, 4}));  // reading a broadcast view is fine
  CHECK_EQ(calls, 12);
  for_each<const double>(one, view::of(data, {0, 4}, order::C));
  CHECK_EQ(calls, 12);
}

}  // namespace

int main() {
  return checks::run(each_element_once, typed_operands, every_kind_of_stride, many_operands,
                     accumulating_in_the_callable, exceptions_come_out, what_is_refused);
}
