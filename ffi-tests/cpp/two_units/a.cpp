// strided.hpp in two translation units of one program: everything in it must be inline, and mean the same in both.
// Build a.cpp and b.cpp together.
#include "../check.hpp"

#include "two_units.hpp"

namespace {

void the_same_in_both_units() {
  double data[6] = {1, 2, 3, 4, 5, 6};
  const strided::view v = strided::view::of(data, {2, 3}, strided::order::C);
  CHECK_EQ(twice(v).data(), v.data());
  CHECK_EQ(data[5], 12.0);
  const strided::array zeros = make_zeros({4});
  CHECK_EQ(zeros.shares(), 1);
  CHECK_EQ(zeros.shape(), strided::dims{4});
  // The functions are the same functions, and an exception of the other unit is caught as the same type.
  CHECK(address_of_check() == static_cast<void (*)(strided_status)>(&strided::check));
  CHECK_THROWS(twice(v.readonly()), STRIDED_E_READONLY, "read-only");
  try {
    twice_or_throw_five(v);
    CHECK(false);
  } catch (int five) {
    CHECK_EQ(five, 5);
  }
}

}  // namespace

int main() { return checks::run(the_same_in_both_units); }
