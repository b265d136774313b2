#include <iostream>
#include <strided.hpp>

int main() {
  double field[2][3] = {{1, 2, 3}, {4, 5, 6}};
  const strided::view matrix = strided::view::of(&field[0][0], {2, 3}, strided::order::C);
  const strided::array sums = strided::sum(matrix.transpose(), {-1}); // shape (3, 2), the same memory
  const strided::view_of<double, 1> s(sums.view());
  std::cout << s(0) << ' ' << s(1) << ' ' << s(2) << '\n'; // 5 7 9
}
