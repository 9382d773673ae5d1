// Most uploads are JPEG in sRGB. Without libvips' pipeline between decoder and
// reduction they take 4 ms less of 40 (12 MP), and 2 of 14 (1280×960).

#include "jpeg.h"
#include "encode.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

#include <jpeglib.h>
// after jpeglib.h
#include <jerror.h>

// ROWS are decoded before they are handed on: two rows of blocks.
#define ROWS 16

typedef struct {
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  struct jpeg_decompress_struct c;
  jmp_buf back;
  int64_t deadline;
  int result; // why back was taken
} Decoder;

static void give_up(Decoder *d, int result) {
  d->result = result;
  longjmp(d->back, 1);
}

static void fail(j_common_ptr c) {
  char text[JMSG_LENGTH_MAX];
  c->err->format_message(c, text);
  vips_error("jpeg", "%s", text);
  give_up(c->client_data, FAILED);
}

// warn accepts strange data and refuses missing data.
static void warn(j_common_ptr c, int level) {
  if (level < 0 && c->err->msg_code == JWRN_JPEG_EOF) fail(c);
}

// look at the clock: a progressive file may have its scans decoded before the
// first row comes out.
static void look(j_common_ptr c) {
  Decoder *d = c->client_data;
  if (g_get_monotonic_time() > d->deadline) give_up(d, TOO_LATE);
}

// plain reports whether the pixels are sRGB or grey without a profile of their own.
static int plain(const struct jpeg_decompress_struct *c) {
  if (c->data_precision != 8) return 0;
  if (c->jpeg_color_space != JCS_YCbCr && c->jpeg_color_space != JCS_GRAYSCALE && c->jpeg_color_space != JCS_RGB) return 0;
  int profile = 0, named = 0;
  for (jpeg_saved_marker_ptr m = c->marker_list; m; m = m->next)
    if (m->marker == JPEG_APP0 + 2 && m->data_length > 14 && !memcmp(m->data, "ICC_PROFILE", 12)) {
      profile = 1;
      named |= names_srgb(m->data, m->data_length);
    }
  return !profile || named;
}

static int usual(const Output *outputs, int count) {
  for (int i = 0; i < count; i++)
    if (outputs[i].target.width && (outputs[i].original || outputs[i].saver != SAVE_JPEG)) return 0;
  return 1;
}

static int decode(Decoder *d, const Picture *p, const Output *outputs, int count, int shrink, Reduce **reduce, unsigned char *volatile *rows) {
  struct jpeg_decompress_struct *c = &d->c;
  if (setjmp(d->back)) return d->result;
  jpeg_create_decompress(c);
  c->client_data = d;
  c->progress = &d->progress;
  jpeg_mem_src(c, (unsigned char *)p->data, p->size);
  jpeg_save_markers(c, JPEG_APP0 + 2, 0xffff);
  jpeg_read_header(c, TRUE);
  if ((int)c->image_width != p->width || (int)c->image_height != p->height) return CHANGED;
  if (!plain(c)) return UNUSUAL;
  c->scale_num = 1;
  c->scale_denom = (unsigned)shrink;
  c->out_color_space = c->jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(c);
  ReduceSource s = {(int)c->output_width, (int)c->output_height, c->output_components, 1, 0};
  for (int i = 0; i < count; i++) {
    ReduceTarget t = outputs[i].target;
    if (!t.width) continue;
    if (t.width > s.width || t.height > s.height) return CHANGED;
    if (!(reduce[i] = reduce_new(s, t))) return NO_MEMORY;
  }
  size_t line = (size_t)s.width * s.bands;
  if (!(*rows = malloc(line * ROWS))) return NO_MEMORY;
  JSAMPROW list[ROWS];
  for (int i = 0; i < ROWS; i++) list[i] = *rows + line * i;
  while (c->output_scanline < c->output_height) {
    JDIMENSION n = 0;
    while (n < ROWS && c->output_scanline < c->output_height) n += jpeg_read_scanlines(c, list + n, ROWS - n);
    for (int i = 0; i < count; i++)
      if (reduce[i]) reduce_rows(reduce[i], *rows, line, (int)n);
    look((j_common_ptr)c);
  }
  return 0;
}

int jpeg_render(const Picture *p, const Output *outputs, int count, int shrink, int64_t deadline) {
  if (p->loader != LOAD_JPEG || count > MOST_OUTPUTS || !usual(outputs, count)) return UNUSUAL;
  Decoder d = {.deadline = deadline};
  Reduce *reduce[MOST_OUTPUTS] = {0};
  unsigned char *volatile rows = NULL;
  d.c.err = jpeg_std_error(&d.errors);
  d.errors.error_exit = fail;
  d.errors.emit_message = warn;
  d.progress.progress_monitor = look;
  d.c.client_data = &d;
  int r = decode(&d, p, outputs, count, shrink, reduce, &rows);
  int bands = d.c.output_components;
  jpeg_destroy_decompress(&d.c);
  free(rows);
  for (int i = 0; i < count && !r; i++)
    if (reduce[i]) {
      int w, h;
      size_t size;
      void *pixels = reduce_steal(reduce[i], &w, &h, &size);
      if (outputs[i].sketch) sketch(pixels, w, h, bands, outputs[i].sketch);
      if ((r = encode_jpeg(outputs[i].descriptor, pixels, w, h, bands, outputs[i].quality))) vips_error_system(errno, "vitrine", "cannot write");
      free(pixels);
    }
  for (int i = 0; i < count; i++) reduce_free(reduce[i]);
  return r;
}
