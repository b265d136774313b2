// strided::view: the algebra, checked by addresses: every result lies in the memory that it came from.
#include "check.hpp"

#include <cstddef>

using namespace strided;

namespace {

const void* at(const void* base, std::ptrdiff_t bytes) { return static_cast<const char*>(base) + bytes; }

void making_views() {
  double field[3][4] = {};
  const view c = view::of(&field[0][0], {3, 4}, order::C);
  CHECK_EQ(c.data(), static_cast<const void*>(field));
  CHECK_EQ(c.mutable_data(), static_cast<void*>(field));
  CHECK_EQ(c.dtype(), dtype::f64);
  CHECK_EQ(c.itemsize(), 8);
  CHECK_EQ(c.ndim(), 2);
  CHECK_EQ(c.size(), 12);
  CHECK_EQ(c.shape(), (dims{3, 4}));
  CHECK_EQ(c.strides(), (dims{32, 8}));
  CHECK_EQ(c.extent(-1), 4);
  CHECK_EQ(c.stride(0), 32);
  CHECK_EQ(c.flags(), std::uint64_t{0});
  CHECK(c.is_c_contiguous() && !c.is_f_contiguous() && c.is_aligned() && c.is_writeable());
  CHECK(!c.is_self_overlapping() && !c.is_readonly());

  const view f = view::of(&field[0][0], {3, 4}, order::F);
  CHECK_EQ(f.strides(), (dims{8, 24}));
  CHECK(!f.is_c_contiguous() && f.is_f_contiguous());
  CHECK_EQ(view::of(&field[2][3], {3, 4}, dims{-32, -8}).byte_extent().low, -88);
  CHECK_EQ(view::of(&field[2][3], {3, 4}, dims{-32, -8}).byte_extent().high, 8);
  CHECK_EQ(view(field, dtype::c128, {3, 2}, order::C).itemsize(), 16);
  CHECK_EQ(view(field, dtype::u8, {3}, dims{32}).stride(0), 32);
  CHECK_EQ(view(nullptr, dtype::f32, {0, 3}, order::C).size(), 0);

  const std::vector<long> from_vector = {3, 4};
  const std::array<int, 2> from_array = {3, 4};
  const std::size_t from_c_array[] = {3, 4};
  CHECK_EQ(view::of(&field[0][0], from_vector, order::C).shape(), (dims{3, 4}));
  CHECK_EQ(view::of(&field[0][0], from_array, order::C).shape(), (dims{3, 4}));
  CHECK_EQ(view::of(&field[0][0], from_c_array, order::C).shape(), (dims{3, 4}));
  CHECK_EQ(view::of(&field[0][0], {from_c_array[0], from_array[1]}, order::C).shape(), (dims{3, 4}));
  CHECK_EQ((dims{3, 4}).to_string(), std::string("(3, 4)"));
}

void views_of_const_are_read_only() {
  const float values[4] = {1, 2, 3, 4};
  const view v = view::of(values, {2, 2}, order::C);
  CHECK_EQ(v.flags(), static_cast<std::uint64_t>(STRIDED_READONLY));
  CHECK(v.is_readonly() && !v.is_writeable());
  CHECK(v.transpose().is_readonly() && v.index(0).is_readonly() && v.reshape({4}, order::C).is_readonly());
  CHECK(view(static_cast<const void*>(values), dtype::f32, {4}, order::C).is_readonly());
  CHECK(view(static_cast<const void*>(values), dtype::f32, {2}, dims{8}).is_readonly());
  CHECK_EQ(item<float>(sum(v)), 10.0f);
  CHECK_THROWS(fill(v, 0.0f), STRIDED_E_READONLY, "");
  CHECK_EQ(values[0], 1.0f);
}

void dtypes_of_cxx_types() {
  CHECK_EQ(dtype_of<bool>(), dtype::boolean);
  CHECK_EQ(dtype_of<signed char>(), dtype::i8);
  CHECK_EQ(dtype_of<std::uint8_t>(), dtype::u8);
  CHECK_EQ(dtype_of<short>(), dtype::i16);
  CHECK_EQ(dtype_of<int>(), dtype::i32);
  CHECK_EQ(dtype_of<unsigned>(), dtype::u32);
  CHECK_EQ(dtype_of<long long>(), dtype::i64);
  CHECK_EQ(dtype_of<std::int64_t>(), dtype::i64);
  CHECK_EQ(dtype_of<std::size_t>(), dtype::u64);
  CHECK_EQ(dtype_of<const float>(), dtype::f32);
  CHECK_EQ(dtype_of<double>(), dtype::f64);
  CHECK_EQ(dtype_of<std::complex<float>>(), dtype::c64);
  CHECK_EQ(dtype_of<std::complex<double>>(), dtype::c128);
  CHECK_EQ(dtype_of<char>(), dtype::opaque);
  CHECK_EQ(dtype_of<long double>(), dtype::opaque);
#if defined(STRIDED_HAS_FLOAT16)
  CHECK_EQ(dtype_of<_Float16>(), dtype::f16);
#else
  checks::skip("_Float16: this compiler has none");
#endif
#if defined(__STDCPP_BFLOAT16_T__)
  CHECK_EQ(dtype_of<std::bfloat16_t>(), dtype::bf16);
#else
  checks::skip("std::bfloat16_t: this compiler has none");
#endif
  CHECK_EQ(size_of(dtype::c64), 8);
  CHECK_EQ(std::string(name(dtype::f64)), std::string("f64"));
  CHECK_EQ(result_type(dtype::u8, dtype::i8), dtype::i16);
  CHECK(can_cast(dtype::f64, dtype::f32, casting::same_kind) && !can_cast(dtype::f64, dtype::f32, casting::safe));
}

void copies_of_views_are_values() {
  int data[6] = {};
  view a = view::of(data, {2, 3}, order::C);
  view b = a;
  b = b.transpose();
  CHECK_EQ(a.shape(), (dims{2, 3}));
  CHECK_EQ(b.shape(), (dims{3, 2}));
  const view& alias = a;
  a = alias;
  CHECK_EQ(a.strides(), (dims{12, 4}));
  const view moved = std::move(b);
  CHECK_EQ(moved.data(), static_cast<const void*>(data));
  CHECK_EQ(view().size(), 0);
  CHECK_EQ(view().ndim(), 1);

  // Only what is in use is copied: the extents of axes that are not there keep a mark.
  view marked;
  auto& target = const_cast<strided_view&>(marked.raw());
  for (std::size_t k = 2; k < STRIDED_MAX_NDIM; ++k) target.shape[k] = target.strides[k] = 77;
  marked = a;
  CHECK_EQ(marked.strides(), (dims{12, 4}));
  bool untouched = true;
  for (std::size_t k = 2; k < STRIDED_MAX_NDIM; ++k) {
    untouched = untouched && target.shape[k] == 77 && target.strides[k] == 77;
  }
  CHECK(untouched);
}

void moving_axes() {
  float data[24] = {};
  const view v = view::of(data, {2, 3, 4}, order::C);  // strides 48, 16, 4
  CHECK_EQ(v.transpose().shape(), (dims{4, 3, 2}));
  CHECK_EQ(v.transpose().strides(), (dims{4, 16, 48}));
  CHECK_EQ(v.transpose().data(), static_cast<const void*>(data));
  CHECK_EQ(v.permute({1, 2, 0}).strides(), (dims{16, 4, 48}));
  CHECK_EQ(v.permute({-2, -1, 0}).strides(), (dims{16, 4, 48}));
  CHECK_EQ(v.permute(axes::all()).strides(), v.transpose().strides());
  CHECK_EQ(v.swapaxes(0, -1).strides(), (dims{4, 16, 48}));
  CHECK_EQ(v.moveaxis(0, -1).strides(), (dims{16, 4, 48}));
  CHECK_EQ(v.moveaxis({0, 1}, {-1, -2}).strides(), (dims{4, 16, 48}));
  CHECK_EQ(v.expand_dims({0, -1}).shape(), (dims{1, 2, 3, 4, 1}));
  CHECK_EQ(v.expand_dims({0, -1}).squeeze().shape(), (dims{2, 3, 4}));
  CHECK_EQ(v.expand_dims({0, -1}).squeeze({0}).shape(), (dims{2, 3, 4, 1}));
  CHECK_EQ(v.expand_dims(0).squeeze(axes{}).ndim(), 4);
}

void indexing() {
  std::int16_t data[24] = {};
  const view v = view::of(data, {2, 3, 4}, order::C);  // strides 24, 8, 2
  CHECK_EQ(v.index().shape(), (dims{2, 3, 4}));
  CHECK_EQ(v.index(1).data(), at(data, 24));
  CHECK_EQ(v.index(1).shape(), (dims{3, 4}));
  CHECK_EQ(v.index(-1, -1, -1).data(), at(data, 46));
  CHECK_EQ(v.index(-1, -1, -1).ndim(), 0);
  CHECK_EQ(v.index(ellipsis, 2).strides(), (dims{24, 8}));
  CHECK_EQ(v.index(ellipsis, 2).data(), at(data, 4));
  CHECK_EQ(v.index(range(), range(1, none)).shape(), (dims{2, 2, 4}));
  CHECK_EQ(v.index(range(), range(1, none)).data(), at(data, 8));
  const view backwards = v.index(ellipsis, range(none, none, -2));
  CHECK_EQ(backwards.shape(), (dims{2, 3, 2}));
  CHECK_EQ(backwards.strides(), (dims{24, 8, -4}));
  CHECK_EQ(backwards.data(), at(data, 6));
  CHECK_EQ(v.index(newaxis, ellipsis, newaxis).shape(), (dims{1, 2, 3, 4, 1}));
  CHECK_EQ(v.index(range(5, 100)).shape(), (dims{0, 3, 4}));
  const std::size_t unsigned_index = 1;
  CHECK_EQ(v.index(unsigned_index, 'a' - 'a' + 0).data(), at(data, 24));
  const std::vector<subscript> at_run_time = {1, range(0, 2), ellipsis};
  CHECK_EQ(v.index(at_run_time).shape(), (dims{2, 4}));
  CHECK_EQ(v.index(at_run_time).data(), at(data, 24));
  CHECK_EQ(v.address({1, -1, 0}), at(data, 40));
}

void negative_strides() {
  int data[6] = {0, 1, 2, 3, 4, 5};
  const view v = view::of(data, {2, 3}, order::C);
  const view f = v.flip();
  CHECK_EQ(f.strides(), (dims{-12, -4}));
  CHECK_EQ(f.data(), static_cast<const void*>(data + 5));
  CHECK_EQ(f.byte_extent().low, -20);
  CHECK_EQ(f.byte_extent().high, 4);
  f.check_inside(data, sizeof data);
  CHECK_EQ(f.flip({0, -1}).data(), v.data());
  CHECK_EQ(v.flip(1).strides(), (dims{12, -4}));
  CHECK_EQ(v.rot90().shape(), (dims{3, 2}));
  CHECK_EQ(v.rot90().to_string(), std::string("[[2 5]\n [1 4]\n [0 3]]"));
  CHECK_EQ(v.rot90(2).data(), f.data());
  const array packed = copy(f, order::C);
  CHECK_EQ(packed.to_string(), std::string("[[5 4 3]\n [2 1 0]]"));
  CHECK_EQ(item<std::int64_t>(sum(f)), 15);
}

void shapes_without_copies() {
  double data[24] = {};
  const view v = view::of(data, {4, 6}, order::C);
  CHECK_EQ(v.reshape({2, -1, 3}, order::C).strides(), (dims{96, 24, 8}));
  CHECK_EQ(v.reshape({2, -1, 3}, order::C).data(), static_cast<const void*>(data));
  CHECK_EQ(v.ravel(order::C).strides(), (dims{8}));
  CHECK_EQ(v.transpose().ravel(order::F).strides(), (dims{8}));
  CHECK_EQ(v.transpose().reshape({24}, order::A).strides(), (dims{8}));
  CHECK_EQ(v.index(range(), range(none, none, 2)).reshape({12}, order::C).strides(), (dims{16}));
  CHECK_EQ(v.index(0).broadcast_to({5, 6}).strides(), (dims{0, 8}));
  CHECK(v.index(0).broadcast_to({5, 6}).is_readonly());
  CHECK(v.index(0).broadcast_to({5, 6}).is_self_overlapping());
  CHECK_EQ(v.diagonal().strides(), (dims{56}));
  CHECK_EQ(v.diagonal(2).data(), at(data, 16));
  CHECK_EQ(v.diagonal(-1, 1, 0).data(), at(data, 8));
  const view w = v.sliding_window({2, 3});
  CHECK_EQ(w.shape(), (dims{3, 4, 2, 3}));
  CHECK_EQ(w.strides(), (dims{48, 8, 48, 8}));
  CHECK(w.is_readonly());
  CHECK_EQ(v.sliding_window(3, -1).shape(), (dims{4, 4, 3}));
  const std::vector<view> parts = v.split(4, 1);
  CHECK_EQ(parts.size(), std::size_t{4});
  CHECK_EQ(parts[0].shape(), (dims{4, 2}));
  CHECK_EQ(parts[3].shape(), (dims{4, 1}));
  CHECK_EQ(parts[3].data(), at(data, 40));
  CHECK_EQ(v.split(4, 1, 1).data(), at(data, 16));
  CHECK_THROWS(v.split(0, 0), STRIDED_E_VALUE, "");
  CHECK_EQ(v.as_strided({3, 8}, {64, 8}, data, sizeof data).shape(), (dims{3, 8}));
  CHECK_EQ(broadcast_shapes(v, v.index(0), v.index(range(), newaxis, 0)), (dims{4, 6}));
  const auto [row, column] = broadcast(v.index(0), v.index(range(), range(0, 1)));
  CHECK_EQ(row.shape(), (dims{4, 6}));
  CHECK_EQ(column.strides(), (dims{48, 0}));
}

struct particle {
  float mass;
  std::int16_t kind;
  double position[3];
};

void other_elements() {
  std::complex<double> z[4] = {{1, -1}, {2, -2}, {3, -3}, {4, -4}};
  const view v = view::of(z, {4}, order::C);
  CHECK_EQ(v.real().strides(), (dims{16}));
  CHECK_EQ(v.real().dtype(), dtype::f64);
  CHECK_EQ(v.imag().data(), at(z, 8));
  CHECK_EQ(item<double>(sum(v.imag())), -10.0);
  CHECK(v.real().imag().is_readonly());
  CHECK_EQ(v.reinterpret(dtype::f64).shape(), (dims{8}));
  CHECK_EQ(v.reinterpret(dtype::u8).data(), static_cast<const void*>(z));

  particle cloud[5] = {};
  cloud[3].mass = 2.5f;
  const view p = view::of(cloud, {5}, order::C);
  CHECK_EQ(p.dtype(), dtype::opaque);
  CHECK_EQ(p.itemsize(), static_cast<std::int64_t>(sizeof(particle)));
  const view mass = p.field<float>(offsetof(particle, mass));
  CHECK_EQ(mass.strides(), (dims{sizeof(particle)}));
  CHECK_EQ(item<float>(max(mass)), 2.5f);
  CHECK_EQ(p.field<std::int16_t>(offsetof(particle, kind)).data(), at(cloud, offsetof(particle, kind)));
  CHECK_EQ(p.field<char>(4).itemsize(), 1);
  CHECK_EQ(p.field(offsetof(particle, position) + 8, dtype::f64).data(), static_cast<const void*>(&cloud[0].position[1]));
  CHECK_THROWS(p.field<double>(sizeof(particle) - 4), STRIDED_E_VALUE, "");
  CHECK_EQ(view::opaque(cloud, 12, {3}, order::C).strides(), (dims{12}));
  CHECK_EQ(view::opaque(cloud, 12, {3}, dims{20}).strides(), (dims{20}));
}

void no_axes_and_no_elements() {
  double one = 4.0;
  const view scalar = view::of(&one, {}, order::C);
  CHECK_EQ(scalar.ndim(), 0);
  CHECK_EQ(scalar.size(), 1);
  CHECK(scalar.is_c_contiguous() && scalar.is_f_contiguous());
  CHECK_EQ(scalar.shape(), dims{});
  CHECK_EQ(scalar.transpose().data(), static_cast<const void*>(&one));
  CHECK_EQ(scalar.broadcast_to({2, 2}).strides(), (dims{0, 0}));
  CHECK_EQ(scalar.index(ellipsis).ndim(), 0);
  CHECK_EQ(scalar.reshape({1, 1}, order::C).ndim(), 2);
  CHECK_EQ(item<double>(scalar), 4.0);
  CHECK_EQ(copy(scalar, order::K).ndim(), 0);

  const view nothing = view::of(&one, {0, 3}, order::C);
  CHECK_EQ(nothing.size(), 0);
  CHECK(nothing.is_c_contiguous() && nothing.is_f_contiguous());
  CHECK_EQ(nothing.reshape({3, -1}, order::C).shape(), (dims{3, 0}));
  CHECK(!nothing.overlaps(nothing));
  copy(nothing, nothing);
  fill(nothing, 1.0);
  CHECK_EQ(sum(nothing).to_string(), std::string("0."));
  CHECK_EQ(sum(nothing, {0}).shape(), (dims{3}));
  CHECK_EQ(max(nothing, {1}).shape(), (dims{0}));
  CHECK_THROWS(max(nothing), STRIDED_E_EMPTY, "");
  CHECK_EQ(one, 4.0);
}

void overlap() {
  int data[10] = {};
  const view v = view::of(data, {10}, order::C);
  const view even = v.index(range(0, none, 2));
  const view odd = v.index(range(1, none, 2));
  CHECK(v.overlaps(even));
  CHECK(even.may_overlap(odd));
  CHECK(!even.overlaps(odd));
  CHECK(!v.index(range(0, 5)).may_overlap(v.index(range(5, none))));
}

void text() {
  int data[6] = {0, 1, 2, 3, 4, 5};
  const view v = view::of(data, {2, 3}, order::C);
  CHECK_EQ(v.to_string(), std::string("[[0 1 2]\n [3 4 5]]"));
  CHECK_EQ(checks::show(v), v.to_string());
  CHECK(v.describe().find("i32") != std::string::npos);
  CHECK_EQ(strided::to_string(copy(v.transpose(), order::C)), std::string("[[0 3]\n [1 4]\n [2 5]]"));
  // Longer than the first attempt's buffer.
  const array many = array::zeros<int>({20, 20}, order::C);
  CHECK(many.to_string().size() > 256);
  CHECK_EQ(many.to_string().size(), std::string(many.to_string().c_str()).size());
  CHECK_EQ(many.to_string().substr(0, 3), std::string("[[0"));
  CHECK_EQ(many.to_string().back(), ']');
}

}  // namespace

int main() {
  return checks::run(making_views, views_of_const_are_read_only, dtypes_of_cxx_types, copies_of_views_are_values,
                     moving_axes, indexing, negative_strides, shapes_without_copies, other_elements,
                     no_axes_and_no_elements, overlap, text);
}
