// libvips' savers start threads and hand strips to them, which for a small
// picture costs more than the encoding: 1 ms of 2 for a PNG of 2 KB, and one to
// two milliseconds for each JPEG. Anything unusual still goes through them.

#include "encode.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <jpeglib.h>
#include <png.h>

static int write_all(int descriptor, const unsigned char *p, size_t n) {
  while (n) {
    ssize_t k = write(descriptor, p, n);
    if (k < 0 && errno == EINTR) continue;
    if (k <= 0) return -1;
    p += k;
    n -= (size_t)k;
  }
  return 0;
}

typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf back;
} Fault;

static void jump(j_common_ptr c) { longjmp(((Fault *)c->err)->back, 1); }

int encode_jpeg(int descriptor, const unsigned char *pixels, int width, int height, int bands, int quality) {
  struct jpeg_compress_struct c;
  Fault fault;
  unsigned char *volatile out = NULL;
  unsigned char *made = NULL;
  unsigned long size = 0;
  int r = -1;
  c.err = jpeg_std_error(&fault.base);
  fault.base.error_exit = jump;
  errno = 0;
  if (!setjmp(fault.back)) {
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &made, &size);
    c.image_width = (JDIMENSION)width;
    c.image_height = (JDIMENSION)height;
    c.input_components = bands;
    c.in_color_space = bands == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, quality, TRUE);
    for (int i = 0; i < c.num_components; i++) c.comp_info[i].h_samp_factor = c.comp_info[i].v_samp_factor = 1; // like libvips from 90 on
    jpeg_start_compress(&c, TRUE);
    while (c.next_scanline < c.image_height) {
      JSAMPROW row = (JSAMPROW)pixels + (size_t)c.next_scanline * width * bands;
      jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    out = made;
    r = write_all(descriptor, out, size);
  }
  jpeg_destroy_compress(&c);
  free(made);
  return r;
}

static void put(png_structp png, png_bytep p, png_size_t n) {
  if (write_all(*(int *)png_get_io_ptr(png), p, n)) png_error(png, "write");
}

static void flush(png_structp png) { (void)png; }

static void png_jump(png_structp png, png_const_charp text) {
  (void)text;
  png_longjmp(png, 1);
}

static void quiet(png_structp png, png_const_charp text) { (void)png, (void)text; }

int encode_png(int descriptor, const unsigned char *pixels, int width, int height, int bands) {
  static const int types[] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, png_jump, quiet);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  int r = -1;
  errno = 0;
  if (info && !setjmp(png_jmpbuf(png))) {
    png_set_write_fn(png, &descriptor, put, flush);
    png_set_compression_buffer_size(png, 64 << 10); // and of a write
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, types[bands], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png, 6);
    png_set_filter(png, 0, PNG_FILTER_NONE); // like libvips; on photographs the others gain a third at twice the time
    png_write_info(png, info);
    for (int y = 0; y < height; y++) png_write_row(png, pixels + (size_t)y * width * bands);
    png_write_end(png, NULL);
    r = 0;
  }
  png_destroy_write_struct(&png, &info);
  return r;
}
