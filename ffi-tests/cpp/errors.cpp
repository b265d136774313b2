// Exceptions: every failure arrives as strided::error, with the C library's status and message.
#include "check.hpp"

#include <thread>
#include <type_traits>

using namespace strided;

namespace {

void the_message_is_the_c_message() {
  float data[6] = {};
  const view v = view::of(data, {2, 3}, order::C);
  try {
    static_cast<void>(v.swapaxes(0, 5));
    CHECK(false);
  } catch (const error& e) {
    CHECK_EQ(e.status(), STRIDED_E_AXIS);
    CHECK_EQ(std::string(e.what()), std::string(strided_last_error()));
    CHECK_EQ(std::string(e.name()), std::string(strided_status_name(STRIDED_E_AXIS)));
    CHECK(std::string(e.what()).find("strided_view_swapaxes") == 0);
    CHECK(std::string(e.what()).find('5') != std::string::npos);
  }
}

void a_message_outlives_the_next_error() {
  float data[6] = {};
  const view v = view::of(data, {2, 3}, order::C);
  try {
    static_cast<void>(v.swapaxes(0, 5));
  } catch (const error& e) {
    const std::string before = e.what();
    CHECK_THROWS(v.reshape({4}, order::C), STRIDED_E_SHAPE, "");
    CHECK_EQ(std::string(e.what()), before);
  }
}

void it_is_a_runtime_error() {
  CHECK((std::is_base_of_v<std::runtime_error, error>));
  CHECK(std::is_nothrow_copy_constructible_v<error>);
  try {
    check(STRIDED_OK);
    CHECK(true);
  } catch (...) {
    CHECK(false);
  }
  CHECK_THROWS(check(strided_view_init(nullptr, nullptr, STRIDED_F64, 0, nullptr, nullptr, STRIDED_ORDER_C)),
               STRIDED_E_NULL, "");
}

void messages_belong_to_their_thread() {
  float data[6] = {};
  const view v = view::of(data, {2, 3}, order::C);
  CHECK_THROWS(v.swapaxes(0, 5), STRIDED_E_AXIS, "5");
  std::string other;
  std::thread([&] {
    try {
      static_cast<void>(v.swapaxes(0, 77));
    } catch (const error& e) {
      other = e.what();
    }
  }).join();
  CHECK(other.find("77") != std::string::npos);
  CHECK(std::string(strided_last_error()).find("77") == std::string::npos);
}

void each_kind_of_misuse() {
  double data[12] = {};
  const view v = view::of(data, {3, 4}, order::C);
  CHECK_THROWS(view::of(data, {-1}, order::C), STRIDED_E_SHAPE, "");
  CHECK_THROWS(view::of(data, {std::int64_t{1} << 62, 4}, order::C), STRIDED_E_OVERFLOW, "");
  CHECK_THROWS(view::of(data, {std::int64_t{1} << 62, 4, 0}, order::C), STRIDED_E_OVERFLOW, "");
  CHECK_THROWS(view::of(static_cast<double*>(nullptr), {3}, order::C), STRIDED_E_NULL, "");
  CHECK_THROWS(view::of(data, {3, 4}, dims{32}), STRIDED_E_SHAPE, "1 strides for 2 extents");
  CHECK_THROWS(view(data, static_cast<dtype>(99), {3}, order::C), STRIDED_E_ENUM, "99");
  CHECK_THROWS(view::of(data, {3}, static_cast<order>(9)), STRIDED_E_ENUM, "9");
  CHECK_THROWS(v.index(3), STRIDED_E_INDEX, "3");
  CHECK_THROWS(v.index(0, 0, 0), STRIDED_E_INDEX, "");
  CHECK_THROWS(v.index(range(0, 3, 0)), STRIDED_E_INDEX, "");
  CHECK_THROWS(v.index(~std::uint64_t{0}), STRIDED_E_INDEX, "");  // huge, not -1
  CHECK_THROWS(v.index(ellipsis, ellipsis), STRIDED_E_INDEX, "");
  CHECK_THROWS(v.permute({0}), STRIDED_E_AXIS, "1 axes");  // the C function would read a second axis
  CHECK_THROWS(v.permute({0, 0}), STRIDED_E_AXIS, "");
  CHECK_THROWS(v.permute({0, std::int64_t{1} << 32}), STRIDED_E_AXIS, "");  // not axis 0
  CHECK_THROWS(v.moveaxis({0, 1}, {0}), STRIDED_E_AXIS, "moveaxis");
  CHECK_THROWS(v.squeeze({0}), STRIDED_E_AXIS, "");
  CHECK_THROWS(v.extent(2), STRIDED_E_AXIS, "axis 2 is out of range for a view with 2 dimensions");
  CHECK_THROWS(v.stride(-3), STRIDED_E_AXIS, "-3");
  CHECK_THROWS(v.reshape({5, -1}, order::C), STRIDED_E_SHAPE, "");
  CHECK_THROWS(v.transpose().reshape({12}, order::C), STRIDED_E_NEEDS_COPY, "");
  CHECK_THROWS(v.transpose().ravel(order::C), STRIDED_E_NEEDS_COPY, "");
  CHECK_THROWS(v.broadcast_to({3, 5}), STRIDED_E_BROADCAST, "");
  CHECK_THROWS(v.sliding_window({2}), STRIDED_E_SHAPE, "1 extents for 2 axes");
  CHECK_THROWS(v.as_strided({4, 4}, {32, 8}, data, sizeof data), STRIDED_E_BOUNDS, "");
  CHECK_THROWS(v.as_strided({4, 4}, {32}, data, sizeof data), STRIDED_E_SHAPE, "as_strided");
  CHECK_THROWS(v.check_inside(data, 95), STRIDED_E_BOUNDS, "");
  CHECK_THROWS(v.address({0, 4}), STRIDED_E_INDEX, "4");
  CHECK_THROWS(v.readonly().mutable_data(), STRIDED_E_READONLY, "read-only");
  CHECK_THROWS(broadcast_shapes(v, view::of(data, {3, 3}, order::C)), STRIDED_E_BROADCAST, "");
  strided_view raw = v.raw();
  raw.ndim = 65;
  CHECK_THROWS(view(raw), STRIDED_E_NDIM, "65 axes");
  raw.ndim = -1;
  CHECK_THROWS(view(raw), STRIDED_E_NDIM, "-1 axes");
  CHECK_THROWS(dims(std::vector<int>(65, 1)), STRIDED_E_NDIM, "64");
}

void nothing_is_written_when_something_is_refused() {
  double data[4] = {1, 2, 3, 4};
  const view v = view::of(data, {2, 2}, order::C);
  const view three = view::of(data, {3}, order::C);
  CHECK_THROWS(add(v, three, v), STRIDED_E_BROADCAST, "");
  CHECK_THROWS(copy(v, v.readonly()), STRIDED_E_READONLY, "");
  CHECK_THROWS(fill(v.readonly(), 9.0), STRIDED_E_READONLY, "");
  CHECK_THROWS(add(v, v, view::of(data, {2, 2}, dims{0, 8})), STRIDED_E_SELF_OVERLAP, "");
  CHECK_THROWS(fill(v, std::complex<double>(9)), STRIDED_E_CASTING, "");
  CHECK(data[0] == 1 && data[1] == 2 && data[2] == 3 && data[3] == 4);
}

}  // namespace

int main() {
  return checks::run(the_message_is_the_c_message, a_message_outlives_the_next_error, it_is_a_runtime_error,
                     messages_belong_to_their_thread, each_kind_of_misuse,
                     nothing_is_written_when_something_is_refused);
}
