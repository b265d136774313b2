// The engine from C++: copies, conversions, arithmetic, reductions; any mix of view, array and view_of.
#include "check.hpp"

#include <cmath>
#include <cstdio>
#include <numeric>

using namespace strided;

namespace {

array numbers(const dims& shape) {
  std::int64_t size = 1;
  for (const std::int64_t extent : shape) size *= extent;
  std::vector<double> values(static_cast<std::size_t>(size));
  std::iota(values.begin(), values.end(), 0.0);
  return array::adopt(std::move(values), shape, order::C);
}

void copies() {
  const array a = numbers({2, 3});
  const array f = array::uninit<double>({2, 3}, order::F);
  copy(a, f);
  CHECK_EQ(f.to_string(), std::string("[[0. 1. 2.]\n [3. 4. 5.]]"));
  copy(a.view().index(1), f);  // broadcast
  CHECK_EQ(f.to_string(), std::string("[[3. 4. 5.]\n [3. 4. 5.]]"));
  const array i = array::zeros<std::uint8_t>({3}, order::C);
  CHECK_THROWS(copy(a.view().index(0), i), STRIDED_E_CASTING, "");
  const double odd[3] = {-5.5, 300.0, std::nan("")};
  copy_cast(view::of(odd, {3}, order::C), i, casting::unsafe);
  CHECK_EQ(i.to_string(), std::string("[  0 255   0]"));  // saturated
  CHECK_EQ(cast(i, dtype::f32, casting::safe, order::C).to_string(), std::string("[  0. 255.   0.]"));
  // As if the source had been read before.
  const view v = a.view();
  copy(v.flip(), v);
  CHECK_EQ(a.to_string(), std::string("[[5. 4. 3.]\n [2. 1. 0.]]"));
}

void fills() {
  const array u = array::zeros<std::uint8_t>({2}, order::C);
  fill(u, 200);  // an int fills whatever can hold it
  CHECK_EQ(u.to_string(), std::string("[200 200]"));
  CHECK_THROWS(fill(u, 300), STRIDED_E_VALUE, "300 is out of range for u8");
  CHECK_THROWS(fill(u, -1), STRIDED_E_VALUE, "-1");
  CHECK_THROWS(fill(u, 0.5), STRIDED_E_CASTING, "");
  CHECK_EQ(u.to_string(), std::string("[200 200]"));
  const array i = array::zeros<std::int8_t>({2}, order::C);
  fill(i, -128L);
  CHECK_EQ(i.to_string(), std::string("[-128 -128]"));
  fill(i, std::size_t{127});
  CHECK_EQ(i.to_string(), std::string("[127 127]"));
  CHECK_THROWS(fill(i, 128u), STRIDED_E_VALUE, "");
  const array b = array::zeros<bool>({2}, order::C);
  fill(b, 1);
  CHECK_EQ(b.to_string(), std::string("[ True  True]"));
  CHECK_THROWS(fill(b, 2), STRIDED_E_VALUE, "");
  const array z = array::zeros<std::complex<float>>({1}, order::C);
  fill(z, 2);
  CHECK_EQ(item<std::complex<float>>(z), std::complex<float>(2));
  fill(z, std::complex<double>(0, 1));
  CHECK_EQ(item<std::complex<float>>(z), std::complex<float>(0, 1));
  const array big = array::zeros<std::uint64_t>({1}, order::C);
  fill(big, ~std::uint64_t{0});
  CHECK_EQ(item<std::uint64_t>(big), ~std::uint64_t{0});

  struct pair {
    int a, b;
  };
  pair pairs[3] = {};
  fill(view::of(pairs, {3}, order::C), pair{1, 2});
  CHECK(pairs[2].a == 1 && pairs[2].b == 2);
  CHECK_THROWS(fill(view::opaque(pairs, 4, {6}, order::C), pair{}), STRIDED_E_DTYPE, "4 bytes");
  CHECK_THROWS(fill(u, pair{}), STRIDED_E_DTYPE, "opaque");
}

void arithmetic() {
  const array a = numbers({2, 3});
  const double row_data[3] = {10, 20, 30};
  const view_of<const double, 1> row(row_data, {3}, order::C);
  const array total = add(a, row);
  CHECK_EQ(total.to_string(), std::string("[[10. 21. 32.]\n [13. 24. 35.]]"));
  CHECK_EQ(subtract(total, a).to_string(), std::string("[[10. 20. 30.]\n [10. 20. 30.]]"));
  CHECK_EQ(multiply(a, a).to_string(), std::string("[[ 0.  1.  4.]\n [ 9. 16. 25.]]"));
  CHECK_EQ(divide(a, row).dtype(), dtype::f64);
  CHECK_EQ(binary(STRIDED_ADD, a, a).to_string(), add(a, a).to_string());

  const void* before = total.data();
  add(total, total, total);  // in place
  CHECK_EQ(total.data(), before);
  CHECK_EQ(total.to_string(), std::string("[[20. 42. 64.]\n [26. 48. 70.]]"));

  const array i = array::adopt(std::vector<int>{7, 8}, {2}, order::C);
  const array u = array::adopt(std::vector<std::uint8_t>{2, 3}, {2}, order::C);
  CHECK_EQ(add(i, u).dtype(), dtype::i32);
  CHECK_EQ(divide(i, u).dtype(), dtype::f64);
  CHECK_EQ(item<double>(sum(divide(i, u))), 3.5 + 8.0 / 3.0);
}

void mixed_orders() {
  const array c = numbers({3, 4});
  const array f = c.copy(order::F);
  const array mixed = add(c, f);
  CHECK(mixed.view().is_c_contiguous());
  CHECK_EQ(mixed.to_string(), add(c, c).to_string());
  const array both_f = add(f, f);
  CHECK(both_f.view().is_f_contiguous());
  // a += a^T, in place.
  const array square = numbers({3, 3});
  add(square, square.view().transpose(), square);
  CHECK_EQ(square.to_string(), std::string("[[ 0.  4.  8.]\n [ 4.  8. 12.]\n [ 8. 12. 16.]]"));
}

void reductions() {
  const array a = numbers({2, 3, 4});
  CHECK_EQ(item<double>(sum(a)), 276.0);
  CHECK_EQ(sum(a).ndim(), 0);
  CHECK_EQ(sum(a, {0}).shape(), (dims{3, 4}));
  CHECK_EQ(sum(a, 0).shape(), (dims{3, 4}));
  CHECK_EQ(sum(a, {0, -1}).to_string(), std::string("[ 60.  92. 124.]"));
  CHECK_EQ(sum(a, {0, -1}, keepdims).shape(), (dims{1, 3, 1}));
  CHECK_EQ(sum(a, axes::all(), keepdims).shape(), (dims{1, 1, 1}));
  CHECK_EQ(sum(a, {}).shape(), (dims{2, 3, 4}));
  CHECK_EQ(item<double>(max(a)), 23.0);
  CHECK_EQ(min(a, {1, 2}).to_string(), std::string("[ 0. 12.]"));
  CHECK_EQ(item<double>(prod(a.view().index(0, 0, range(1, none)))), 6.0);
  CHECK_EQ(item<double>(reduce(STRIDED_MAX, a)), 23.0);
  CHECK_EQ(item<double>(sum(a.view().index(0, 0, 0), 0)), 0.0);  // no axes: 0 and -1 are allowed
  CHECK_THROWS(sum(a, {3}), STRIDED_E_AXIS, "3");
  CHECK_THROWS(sum(a, {0, -3}), STRIDED_E_AXIS, "repeated");

  const array out = array::uninit<double>({3, 4}, order::F);
  sum(a, {0}, false, out);
  CHECK_EQ(out.to_string(), sum(a, {0}).to_string());
  CHECK_THROWS(sum(a, {1}, false, out), STRIDED_E_SHAPE, "");

  CHECK_EQ(sum(array::zeros<std::int8_t>({3}, order::C)).dtype(), dtype::i64);
  CHECK_EQ(sum(array::zeros<std::uint16_t>({3}, order::C)).dtype(), dtype::u64);
  CHECK_EQ(sum(array::zeros<bool>({3}, order::C)).dtype(), dtype::i64);
  CHECK_EQ(sum(array::zeros<float>({3}, order::C)).dtype(), dtype::f32);
  CHECK_EQ(max(array::zeros<std::int8_t>({3}, order::C)).dtype(), dtype::i8);
  CHECK_EQ(item<double>(sum(add(a, a))), 552.0);  // temporaries

  CHECK_THROWS(item<double>(a), STRIDED_E_SHAPE, "24 elements");
  CHECK_THROWS(item<float>(sum(a)), STRIDED_E_DTYPE, "");
}

void npy_files() {
  const std::string path = "strided_test_cpp.npy";
  const array a = numbers({2, 3}).copy(order::F);
  save_npy(path, a);
  const array back = load_npy(path);
  std::remove(path.c_str());
  CHECK_EQ(back.to_string(), a.to_string());
  CHECK_EQ(back.strides(), a.strides());
  CHECK_THROWS(load_npy("there/is/no/such.npy"), STRIDED_E_FILE, "");
}

void the_process() {
  CHECK(std::string(version()).find('.') != std::string::npos);
  CHECK(!std::string(simd_level()).empty());
  std::printf("strided %s, %s\n", version(), simd_level());
  set_num_threads(1);
  CHECK_THROWS(set_num_threads(-1), STRIDED_E_VALUE, "");
}

}  // namespace

int main() {
  return checks::run(copies, fills, arithmetic, mixed_orders, reductions, npy_files, the_process);
}
