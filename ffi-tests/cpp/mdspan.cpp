// To mdspan and back: std::mdspan where the library has it, else the reference implementation where it is installed.
#include "check.hpp"

using namespace strided;

namespace {

#if STRIDED_HAS_MDSPAN
namespace md = STRIDED_MDSPAN_NAMESPACE;

// m(i, j) or m[i, j], as the implementation has it.
template <class M, class... I>
decltype(auto) element(const M& m, I... i) {
#if defined(__cpp_multidimensional_subscript)
  return m[i...];
#else
  return m(i...);
#endif
}

template <class M, class T>
bool same_elements(const M& m, const view_of<T, 2>& v) {
  bool same = static_cast<std::int64_t>(m.extent(0)) == v.extent(0) && static_cast<std::int64_t>(m.extent(1)) == v.extent(1);
  for (std::int64_t i = 0; i < v.extent(0); ++i) {
    for (std::int64_t j = 0; j < v.extent(1); ++j) {
      same = same && &element(m, static_cast<typename M::index_type>(i), static_cast<typename M::index_type>(j)) == &v(i, j);
    }
  }
  return same;
}

double data[24] = {};
const view base = view::of(data, {4, 6}, order::C);

void strided_layouts() {
  for (const view& v : {base, base.transpose(), base.index(range(0, none, 2), range(1, none, 3)),
                        base.index(range(1, 2)), base.index(range(), newaxis, 2)}) {
    const view_of<double, 2> typed(v);
    const auto m = to_mdspan(typed);
    CHECK((std::is_same_v<typename decltype(m)::layout_type, md::layout_stride>));
    CHECK(same_elements(m, typed));
    CHECK_EQ(from_mdspan(m).data(), typed.data());
    CHECK(same_elements(m, from_mdspan(m)));
  }
  const auto reading = to_mdspan(base.readonly().as<const double, 2>());
  CHECK((std::is_same_v<typename decltype(reading)::element_type, const double>));
  CHECK(from_mdspan(reading).untyped().is_readonly());
}

void what_layout_stride_can_not_hold() {
  CHECK_THROWS((to_mdspan(base.flip().as<double, 2>())), STRIDED_E_VALUE, "axis 0 has stride -6");
  CHECK_THROWS((to_mdspan(base.index(0).broadcast_to({3, 6}).as<const double, 2>())), STRIDED_E_VALUE, "stride 0");
  CHECK_THROWS((to_mdspan(base.index(0).sliding_window(3).as<const double, 2>())), STRIDED_E_SELF_OVERLAP, "interleave");
  // Axes with one element, and views with none, are no reason to refuse.
  const auto one = to_mdspan(base.index(range(1, 2)).broadcast_to({1, 6}).flip(0).as<const double, 2>());
  CHECK_EQ(&element(one, 0, 5), &data[11]);
  CHECK_EQ(to_mdspan(base.index(newaxis, 0).as<double, 2>()).mapping().stride(0), 1);
  const auto nothing = to_mdspan(base.index(range(0, 0)).flip().as<double, 2>());
  CHECK_EQ(nothing.size(), decltype(nothing.size()){0});
  CHECK_EQ(from_mdspan(nothing).size(), 0);
}

void packed_layouts() {
  const auto right = to_mdspan<md::layout_right>(base.as<double, 2>());
  CHECK(same_elements(right, base.as<double, 2>()));
  const view f = base.transpose();
  const auto left = to_mdspan<md::layout_left>(f.as<double, 2>());
  CHECK(same_elements(left, f.as<double, 2>()));
  CHECK(same_elements(left, from_mdspan(left)));
  CHECK_EQ(from_mdspan(left).untyped().strides(), (dims{8, 48}));
  CHECK_THROWS((to_mdspan<md::layout_left>(base.as<double, 2>())), STRIDED_E_NEEDS_COPY, "axis 0");
  CHECK_THROWS((to_mdspan<md::layout_right>(base.index(range(), range(0, 5)).as<double, 2>())), STRIDED_E_NEEDS_COPY, "");
  CHECK_THROWS((to_mdspan<md::layout_right>(base.flip().as<double, 2>())), STRIDED_E_NEEDS_COPY, "");
  // One row is packed in any case.
  CHECK_EQ(to_mdspan<md::layout_left>(base.index(range(1, 2), range(0, 1)).as<double, 2>()).data_handle(), &data[6]);
}

void signed_layout() {
  for (const view& v : {base, base.flip(), base.flip(0), base.transpose().flip(1), base.index(range(), range(4, 0, -2)),
                        base.index(range(), newaxis, 0).flip()}) {
    const view_of<double, 2> typed(v);
    const auto m = to_mdspan<layout_signed>(typed);
    CHECK(same_elements(m, typed));
    CHECK(same_elements(m, from_mdspan(m)));
    CHECK_EQ(from_mdspan(m).data(), typed.data());
    CHECK(m.mapping().is_unique());
    CHECK(m.mapping().required_span_size() <= 24);
    CHECK(m.mapping() == m.mapping());
  }
  const auto repeated = to_mdspan<layout_signed>(base.index(0).broadcast_to({3, 6}).as<const double, 2>());
  CHECK_EQ(&element(repeated, 2, 4), &data[4]);
  CHECK(!repeated.mapping().is_unique());
  CHECK(!repeated.mapping().is_exhaustive());
  const auto whole = to_mdspan<layout_signed>(base.flip().as<double, 2>());
  CHECK(whole.mapping().is_exhaustive());
  CHECK_EQ(whole.mapping().stride(0), -6);
  CHECK(!decltype(whole)::mapping_type::is_always_strided());
  // It must not turn into a layout_stride behind anybody's back.
  using extents = md::dextents<std::int64_t, 2>;
  CHECK(!(std::is_convertible_v<layout_signed::mapping<extents>, md::layout_stride::mapping<extents>>));
  const auto nothing = to_mdspan<layout_signed>(base.index(range(0, 0)).flip().as<double, 2>());
  CHECK_EQ(nothing.mapping().required_span_size(), 0);
}

void from_other_programs() {
  const md::mdspan<double, md::extents<int, 4, 6>> fixed(data);
  const auto v = from_mdspan(fixed);
  CHECK_EQ(v.data(), data);
  CHECK_EQ(v.untyped().strides(), (dims{48, 8}));
  const md::mdspan<double, md::dextents<unsigned char, 3>> small(data, 2, 3, 4);
  CHECK_EQ(from_mdspan(small).untyped().shape(), (dims{2, 3, 4}));
  const auto scalar = to_mdspan(base.index(1, 1).as<double, 0>());
  CHECK_EQ(scalar.data_handle(), &data[7]);
  CHECK_EQ(from_mdspan(scalar).data(), &data[7]);
}

#endif

}  // namespace

int main() {
#if STRIDED_HAS_MDSPAN
  return checks::run(strided_layouts, what_layout_stride_can_not_hold, packed_layouts, signed_layout,
                     from_other_programs);
#else
  checks::skip("mdspan: neither <mdspan> (C++23) nor the reference implementation is here");
  return checks::run();
#endif
}
