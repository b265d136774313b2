// The part in C++: takes the regional trend out of the terrain, in place, in the memory that Fortran owns.
//
// The mean of every column of points (from north to south) is a row, the mean of every row a column. Broadcast against
// the section they act on all of it: heights - row - column + mean, without an array of that size for either.
#include "demo.h"

#include <strided.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

constexpr bool keep = strided::keepdims;

/// The mean along one axis; the axis stays, with extent 1, so that the result broadcasts against its input.
strided::array mean(const strided::view &heights, std::int32_t axis) {
  strided::array result = strided::sum(heights, {axis}, keep);
  const float count = static_cast<float>(heights.extent(axis));
  strided::divide(result, strided::view::of(&count, {}, strided::order::C), result);
  return result;
}

void take_out_trend(const strided::view &heights, const void *buffer, std::int64_t nbytes) {
  std::printf("\nC++: broadcast row and column, and reductions along an axis, in place in Fortran's field\n");
  const strided::array row = mean(heights, 0);
  const strided::array column = mean(heights, 1);
  const strided::array centre = mean(row.view(), 1);
  demo_show("row    = mean(section, 0)", row.view().c_view(), buffer, nbytes);
  demo_show("column = mean(section, 1)", column.view().c_view(), buffer, nbytes);
  demo_show("row, broadcast", row.view().broadcast_to(heights.shape()).c_view(), buffer, nbytes);
  demo_show("column, broadcast", column.view().broadcast_to(heights.shape()).c_view(), buffer, nbytes);

  strided::subtract(row, centre, row.view());
  strided::subtract(heights, row, heights);
  strided::subtract(heights, column, heights);
  demo_show("section -= row, column", heights.c_view(), buffer, nbytes);
}

}  // namespace

void demo_trend(const strided_view *heights, const void *buffer, std::int64_t nbytes) {
  try {
    take_out_trend(strided::view(*heights), buffer, nbytes);
  } catch (const std::exception &problem) {
    std::fprintf(stderr, "%s\n", problem.what());
    std::exit(EXIT_FAILURE);
  }
}
