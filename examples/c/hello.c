#include <stdio.h>
#include <strided.h>

int main(void)
{
    double field[2][3] = {{1, 2, 3}, {4, 5, 6}}, sums[3];
    const int64_t shape[2] = {2, 3}, columns[1] = {3};
    const int32_t last = -1;
    strided_view matrix, transposed, out;

    strided_view_init(&matrix, field, STRIDED_F64, 2, shape, NULL, STRIDED_ORDER_C);
    strided_view_transpose(&matrix, NULL, &transposed); /* shape (3, 2), the same memory */
    strided_view_init(&out, sums, STRIDED_F64, 1, columns, NULL, STRIDED_ORDER_C);
    if (strided_sum(&transposed, 1, &last, 0, &out) != STRIDED_OK)
        return fprintf(stderr, "%s\n", strided_last_error()), 1;
    printf("%g %g %g\n", sums[0], sums[1], sums[2]); /* 5 7 9 */
    return 0;
}
