/* The part in C: the light of a low sun on the terrain, from four shifted slices of one view.
 *
 * The heights arrive as a section of a column-major Fortran array. Transposed they run in C's own order, and each
 * neighbour of a point is the same view one step further: nothing is copied to get at them. */
#include "demo.h"

#include <math.h>
#include <stdio.h>

/* Points between neighbours, in metres, and how much steeper the terrain is drawn than it is. */
#define STEP_EAST 74.5
#define STEP_SOUTH 92.7
#define EXAGGERATION 2.0

/* view[first:last, ...] along both axes, ends as in NumPy */
static strided_view window(const strided_view *view, int64_t first0, int64_t last0, int64_t first1, int64_t last1)
{
    strided_view out;
    strided_index items[2] = {{STRIDED_INDEX_RANGE, 0, 0, 0, 1}, {STRIDED_INDEX_RANGE, 0, 0, 0, 1}};
    items[0].start = first0;
    items[0].stop = last0;
    items[1].start = first1;
    items[1].stop = last1;
    demo_check(strided_view_index(view, 2, items, &out));
    return out;
}

static float load(const char *address)
{
    return *(const float *)(const void *)address;
}

/* The caller's own kernel: one run of points. The library walks the three views together in the best order. */
static void shine(void *ctx, int64_t count, void *const *pointers, const int64_t *strides)
{
    /* towards the sun: from the north-west, 35 degrees above the horizon */
    const double east = -0.579, south = -0.579, up = 0.574;
    int64_t i;
    (void)ctx;
    for (i = 0; i < count; i++) {
        const double slope_east = EXAGGERATION * load((char *)pointers[0] + i * strides[0]) / (2 * STEP_EAST);
        const double slope_south = EXAGGERATION * load((char *)pointers[1] + i * strides[1]) / (2 * STEP_SOUTH);
        const double facing = up - east * slope_east - south * slope_south;
        const double light = facing / sqrt(1 + slope_east * slope_east + slope_south * slope_south);
        *(float *)(void *)((char *)pointers[2] + i * strides[2]) = (float)(light > 0 ? light : 0);
    }
}

void demo_relief(const strided_view *heights, const strided_view *shade, const void *buffer, int64_t nbytes)
{
    strided_view across, bright, west, east, north, south;
    strided_array *rise_east, *rise_south;
    const strided_view *operands[3];
    int64_t nx, ny;

    printf("\nC: the transpose and four shifted slices of it, all views of Fortran's field\n");
    demo_show("section, as it arrived", heights, buffer, nbytes);
    demo_check(strided_view_transpose(heights, NULL, &across));
    demo_check(strided_view_transpose(shade, NULL, &bright));
    demo_show("t = transpose(section)", &across, buffer, nbytes);
    nx = across.shape[0];
    ny = across.shape[1];
    west = window(&across, 0, nx - 2, 1, ny - 1);
    east = window(&across, 2, nx, 1, ny - 1);
    north = window(&across, 1, nx - 1, 0, ny - 2);
    south = window(&across, 1, nx - 1, 2, ny);
    demo_show("west  = t[:-2, 1:-1]", &west, buffer, nbytes);
    demo_show("east  = t[2:, 1:-1]", &east, buffer, nbytes);
    demo_show("north = t[1:-1, :-2]", &north, buffer, nbytes);
    demo_show("south = t[1:-1, 2:]", &south, buffer, nbytes);

    demo_check(strided_array_new(STRIDED_F32, 2, east.shape, STRIDED_ORDER_C, &rise_east));
    demo_check(strided_array_new(STRIDED_F32, 2, east.shape, STRIDED_ORDER_F, &rise_south));
    demo_check(strided_subtract(&east, &west, strided_array_view(rise_east)));
    demo_check(strided_subtract(&south, &north, strided_array_view(rise_south)));
    demo_show("east - west, C order", strided_array_view(rise_east), buffer, nbytes);
    demo_show("south - north, F order", strided_array_view(rise_south), buffer, nbytes);

    /* the shade of the points inside the border; Fortran owns that array too */
    bright = window(&bright, 1, nx - 1, 1, ny - 1);
    operands[0] = strided_array_view(rise_east);
    operands[1] = strided_array_view(rise_south);
    operands[2] = &bright;
    demo_check(strided_foreach(3, operands, 0, shine, NULL));
    strided_array_release(rise_east);
    strided_array_release(rise_south);
}
