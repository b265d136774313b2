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

void operations_by_name() {
  const array a = array::adopt(std::vector<double>{-4, 0, 9}, {3}, order::C);
  const array b = array::adopt(std::vector<double>{2, -1, 4}, {3}, order::C);
  CHECK_EQ(absolute(a).to_string(), std::string("[4. 0. 9.]"));
  CHECK_EQ(sqrt(absolute(a)).to_string(), std::string("[2. 0. 3.]"));
  CHECK_EQ(sign(a).to_string(), std::string("[-1.  0.  1.]"));
  CHECK_EQ(isnan(sqrt(a)).to_string(), std::string("[ True False False]"));
  CHECK_EQ(less(a, b).dtype(), dtype::boolean);
  CHECK_EQ(less(a, b).to_string(), std::string("[ True False False]"));
  CHECK_EQ(logical_not(a).to_string(), std::string("[False  True False]"));
  CHECK_EQ(maximum(a, b).to_string(), std::string("[2. 0. 9.]"));
  CHECK_EQ(floor_divide(a, b).to_string(), std::string("[-2. -0.  2.]"));
  CHECK_EQ(remainder(a, b).to_string(), std::string("[ 0. -0.  1.]"));
  CHECK_EQ(power(b, b).to_string(), std::string("[  4.  -1. 256.]"));
  CHECK_EQ(arctan2(b, a).dtype(), dtype::f64);
  CHECK_EQ(std::sqrt(9.0), 3.0);  // the standard library's functions keep their names

  const array small = array::adopt(std::vector<std::int8_t>{3, -7, 100}, {3}, order::C);
  const array other = array::adopt(std::vector<std::uint8_t>{1, 2, 3}, {3}, order::C);
  CHECK_EQ(sqrt(small).dtype(), dtype::f16);
  CHECK_EQ(hypot(small, other).dtype(), dtype::f16);
  CHECK_EQ(square(small).to_string(), std::string("[ 9 49 16]"));  // wraps
  CHECK_EQ(bitwise_and(small, other).dtype(), dtype::i16);
  CHECK_EQ(left_shift(other, other).to_string(), std::string("[ 2  8 24]"));
  CHECK_EQ(unary(STRIDED_NEGATIVE, small).to_string(), negative(small).to_string());
  CHECK_THROWS(invert(a), STRIDED_E_DTYPE, "f64");
  CHECK_THROWS(unary(STRIDED_ADD, a), STRIDED_E_ENUM, "op");

  square(a, a);  // in place
  CHECK_EQ(a.to_string(), std::string("[16.  0. 81.]"));
  const array column_major = numbers({2, 3}).copy(order::F);
  const array negatives = negative(column_major);
  CHECK(negatives.view().is_f_contiguous());
  const array flags = array::uninit<bool>({2, 3}, order::C);
  greater(column_major, small, flags);
  CHECK_EQ(flags.to_string(), std::string("[[False  True False]\n [False  True False]]"));

  const array z = array::adopt(std::vector<std::complex<double>>{{3, 4}}, {1}, order::C);
  CHECK_EQ(absolute(z).dtype(), dtype::f64);
  CHECK_EQ(item<double>(absolute(z)), 5.0);
  CHECK_EQ(item<std::complex<double>>(conjugate(z)), std::complex<double>(3, -4));
}

void choices() {
  const array a = array::adopt(std::vector<double>{-4, 0, 9}, {3}, order::C);
  const array b = array::adopt(std::vector<int>{1, 2, 3}, {3}, order::C);
  const array mask = less(a, b);
  CHECK_EQ(where(mask, a, b).to_string(), std::string("[-4.  0.  3.]"));
  CHECK_EQ(where(a, b, b).dtype(), dtype::i32);
  const double low = -1, high = 5;
  const view lowest = view::of(&low, {}, order::C), highest = view::of(&high, {}, order::C);
  CHECK_EQ(clip(a, lowest, highest).to_string(), std::string("[-1.  0.  5.]"));
  CHECK_EQ(fma(a, b, a).to_string(), std::string("[-8.  0. 36.]"));
  const array out = array::zeros<double>({3}, order::C);
  unary_where(STRIDED_NEGATIVE, a, mask, out);
  CHECK_EQ(out.to_string(), std::string("[ 4. -0.  0.]"));
  binary_where(STRIDED_ADD, a, b, logical_not(mask), out);
  CHECK_EQ(out.to_string(), std::string("[ 4. -0. 12.]"));
  CHECK_THROWS(unary_where(STRIDED_NEGATIVE, a, b, out), STRIDED_E_CASTING, "bool");
  where(mask, out, a, out);  // in place
  CHECK_EQ(out.to_string(), std::string("[ 4. -0.  9.]"));

  const array grid = numbers({2, 3});
  const array odd = equal(remainder(grid, array::adopt(std::vector<double>{2}, {}, order::C)),
                          array::adopt(std::vector<double>{1}, {}, order::C));
  CHECK_EQ(count(grid, odd), 3);
  CHECK_EQ(compress(grid, odd).to_string(), std::string("[1. 3. 5.]"));
  CHECK_EQ(compress(grid, odd, order::F).to_string(), std::string("[3. 1. 5.]"));
  const array longer = array::zeros<double>({5}, order::C);
  CHECK_EQ(compress(grid, odd, longer), 3);
  CHECK_EQ(longer.to_string(), std::string("[1. 3. 5. 0. 0.]"));
  CHECK_THROWS(compress(grid, odd, array::zeros<double>({2}, order::C)), STRIDED_E_SHAPE, "out");
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

  CHECK_EQ(cumulative_sum(a, 0).shape(), (dims{2, 3, 4}));
  CHECK_EQ(cumulative_sum(a.view().index(0, 0), 0).to_string(), std::string("[0. 1. 3. 6.]"));
  CHECK_EQ(accumulate(STRIDED_CUMULATIVE_MAX, a.view().index(0, 0, range(none, none, -1)), -1).to_string(),
           std::string("[3. 3. 3. 3.]"));
  CHECK_THROWS(cumulative_sum(a, 3), STRIDED_E_AXIS, "3");
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

void statistics() {
  const array a = numbers({2, 3});
  CHECK_EQ(item<double>(mean(a)), 2.5);
  CHECK_EQ(mean(a, {1}).to_string(), std::string("[1. 4.]"));
  CHECK_EQ(var(a, {0}).to_string(), std::string("[2.25 2.25 2.25]"));
  CHECK_EQ(strided::std(a, {0}).to_string(), std::string("[1.5 1.5 1.5]"));
  CHECK_EQ(item<bool>(any(a)), true);
  CHECK_EQ(item<bool>(all(a)), false);
  CHECK_EQ(item<std::int64_t>(count_nonzero(a)), 5);
  CHECK_EQ(argmax(a, {1}, keepdims).shape(), (dims{2, 1}));
  CHECK_EQ(item<std::int64_t>(argmin(a)), 0);
  CHECK_EQ(item<double>(norm(a.view().index(1))), std::sqrt(50.0));
  CHECK_EQ(mean(array::zeros<std::int8_t>({3}, order::C)).dtype(), dtype::f64);

  const array mask = less(a, mean(a));
  CHECK_EQ(item<double>(reduce(STRIDED_SUM, a, axes::all(), false, reduce_options().where(mask))), 3.0);
  CHECK_EQ(item<double>(reduce(STRIDED_MIN, a, axes::all(), false, reduce_options().initial(-1.0))), -1.0);
  CHECK_EQ(item<double>(reduce(STRIDED_VAR, a, axes::all(), false, reduce_options().ddof(1))), 3.5);
  CHECK_THROWS(reduce(STRIDED_SUM, a, axes::all(), false, reduce_options().ddof(1)), STRIDED_E_VALUE, "options");

  CHECK_EQ(item<double>(dot(a, a)), 55.0);
  CHECK_EQ(dot(a, a, {1}).to_string(), std::string("[ 5. 50.]"));
  const array z = array::adopt(std::vector<std::complex<double>>{{0, 1}, {2, 0}}, {2}, order::C);
  CHECK_EQ(item<std::complex<double>>(dot(z, z)), std::complex<double>(3, 0));
  CHECK_EQ(item<std::complex<double>>(vdot(z, z)), std::complex<double>(5, 0));
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
  return checks::run(copies, fills, arithmetic, operations_by_name, choices, mixed_orders, reductions, statistics, npy_files, the_process);
}
