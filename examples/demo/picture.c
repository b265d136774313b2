/* Heights as colours, shade as brightness, in a PNG file.
 *
 * PNG's compressed stream may hold its bytes as they are ("stored" blocks), so a writer needs two checksums and no
 * compressor. Pixels are read straight through the views' strides: in which order the arrays lie does not matter. */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each point of the terrain becomes this many pixels in each direction. */
#define ZOOM 2

typedef struct colour {
    double red, green, blue;
} colour;

/* From valleys to ridges. */
static const colour palette[] = {{0.16, 0.40, 0.30}, {0.38, 0.58, 0.36}, {0.71, 0.74, 0.48},
                                 {0.83, 0.70, 0.47}, {0.68, 0.48, 0.34}, {0.95, 0.93, 0.90}};

static colour height_colour(double share)
{
    const int last = (int)(sizeof palette / sizeof *palette) - 1;
    const double place = (share < 0 ? 0 : share > 1 ? 1 : share) * last;
    const int low = place >= last ? last - 1 : (int)place;
    const double part = place - low;
    colour mixed = palette[low];
    mixed.red += part * (palette[low + 1].red - mixed.red);
    mixed.green += part * (palette[low + 1].green - mixed.green);
    mixed.blue += part * (palette[low + 1].blue - mixed.blue);
    return mixed;
}

static float element(const strided_view *view, int64_t row, int64_t column)
{
    const char *address = (const char *)view->data + row * view->strides[0] + column * view->strides[1];
    return *(const float *)(const void *)address;
}

/* A file that remembers the checksum of the current chunk. */
typedef struct png {
    FILE *file;
    uint32_t crc;
    int failed;
} png;

static void put(png *out, const unsigned char *bytes, size_t count)
{
    size_t i;
    int bit;
    for (i = 0; i < count; i++) {
        out->crc ^= bytes[i];
        for (bit = 0; bit < 8; bit++)
            out->crc = (out->crc >> 1) ^ (0xEDB88320u & (0u - (out->crc & 1u)));
    }
    if (fwrite(bytes, 1, count, out->file) != count)
        out->failed = 1;
}

static void put_number(png *out, uint32_t number)
{
    const unsigned char bytes[4] = {(unsigned char)(number >> 24), (unsigned char)(number >> 16),
                                    (unsigned char)(number >> 8), (unsigned char)number};
    put(out, bytes, 4);
}

static void begin_chunk(png *out, const char *type, uint32_t length)
{
    put_number(out, length);
    out->crc = 0xFFFFFFFFu;
    put(out, (const unsigned char *)type, 4);
}

static void end_chunk(png *out)
{
    put_number(out, out->crc ^ 0xFFFFFFFFu);
}

/* The image data: zlib's two bytes, one stored block per row (a filter byte and its pixels), zlib's checksum. */
static void put_rows(png *out, const unsigned char *pixels, uint32_t width, uint32_t height)
{
    const uint32_t length = 1 + 3 * width;
    const unsigned char zlib[2] = {0x78, 0x01}, no_filter = 0;
    uint32_t row, i, a = 1, b = 0;
    begin_chunk(out, "IDAT", 2 + height * (5 + length) + 4);
    put(out, zlib, 2);
    for (row = 0; row < height; row++) {
        const unsigned char *bytes = pixels + (size_t)row * 3 * width;
        const unsigned char block[5] = {row + 1 == height, (unsigned char)length, (unsigned char)(length >> 8),
                                        (unsigned char)~length, (unsigned char)(~length >> 8)};
        put(out, block, 5);
        put(out, &no_filter, 1);
        put(out, bytes, 3 * (size_t)width);
        b = (b + a) % 65521;
        for (i = 0; i < 3 * width; i++) {
            a = (a + bytes[i]) % 65521;
            b = (b + a) % 65521;
        }
    }
    put_number(out, (b << 16) | a);
    end_chunk(out);
}

static int write_png(const char *path, const unsigned char *pixels, uint32_t width, uint32_t height)
{
    static const unsigned char magic[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    static const unsigned char rgb8[5] = {8, 2, 0, 0, 0};
    png out = {NULL, 0, 0};
    out.file = fopen(path, "wb");
    if (!out.file)
        return 0;
    put(&out, magic, 8);
    begin_chunk(&out, "IHDR", 13);
    put_number(&out, width);
    put_number(&out, height);
    put(&out, rgb8, 5);
    end_chunk(&out);
    put_rows(&out, pixels, width, height);
    begin_chunk(&out, "IEND", 0);
    end_chunk(&out);
    return fclose(out.file) == 0 && !out.failed;
}

static unsigned char level(double share)
{
    const double value = share * 255 + 0.5;
    return (unsigned char)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* A reduction over the whole view to one number. */
static double whole(strided_status (*reduce)(const strided_view *, int32_t, const int32_t *, int32_t, const strided_view *),
                    const strided_view *view)
{
    float answer = 0;
    strided_view out;
    demo_check(strided_view_init(&out, &answer, STRIDED_F32, 0, NULL, NULL, STRIDED_ORDER_C));
    demo_check(reduce(view, 0, NULL, 0, &out));
    return answer;
}

void demo_picture(const char *path, const strided_view *heights, const strided_view *shade)
{
    const int64_t rows = heights->shape[0], columns = heights->shape[1];
    const double low = whole(strided_min, heights), high = whole(strided_max, heights);
    unsigned char *pixels = malloc((size_t)(rows * columns * ZOOM * ZOOM * 3)), *pixel = pixels;
    int64_t y, x;
    if (!pixels) {
        fprintf(stderr, "no memory for the picture\n");
        exit(EXIT_FAILURE);
    }
    for (y = 0; y < rows * ZOOM; y++) {
        for (x = 0; x < columns * ZOOM; x++, pixel += 3) {
            const colour ground = height_colour((element(heights, y / ZOOM, x / ZOOM) - low) / (high - low));
            const double light = 0.25 + 1.25 * element(shade, y / ZOOM, x / ZOOM);
            pixel[0] = level(ground.red * light);
            pixel[1] = level(ground.green * light);
            pixel[2] = level(ground.blue * light);
        }
    }
    if (!write_png(path, pixels, (uint32_t)(columns * ZOOM), (uint32_t)(rows * ZOOM))) {
        fprintf(stderr, "can not write %s\n", path);
        exit(EXIT_FAILURE);
    }
    free(pixels);
}
