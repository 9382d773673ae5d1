#include "process.h"
#include "encode.h"
#include "jpeg.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <errno.h>
#include <string.h>
#include <vips/vips.h>

// Rows are pulled through the decoder in strips of about this many bytes: small
// enough for the second-level cache.
#define STRIP (256 << 10)

static void silence(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer unused) {}

int vt_init(void) {
  static const char *loaders[] = {"VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadNsgifBuffer",
                                  "VipsForeignLoadWebpBuffer", "VipsForeignLoadHeifBuffer"};
  g_setenv("VIPS_DISC_THRESHOLD", "1000g", TRUE); // nothing large goes to a temporary file
  if (vips_init("vitrine")) return FAILED;
  g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, silence, NULL); // of strange files; errors come back by themselves
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  vips_cache_set_max_mem(0);
  vips_cache_set_max_files(0);
  vips_block_untrusted_set(TRUE);
  vips_operation_block_set("VipsForeignLoad", TRUE); // TIFF and text matrices count as trusted
  for (size_t i = 0; i < G_N_ELEMENTS(loaders); i++) vips_operation_block_set(loaders[i], FALSE);
  return 0;
}

void vt_trim(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

const char *vt_version(void) { return vips_version_string(); }

char *vt_error(void) {
  char *text = strdup(vips_error_buffer());
  vips_error_clear();
  return text;
}

// load opens a picture without decoding pixels yet. pages is 1, or -1 for all.
static VipsImage *load(const Picture *p, int shrink, double scale, int pages) {
  VipsImage *out = NULL;
  void *data = (void *)p->data;
#define STRICT "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED
  switch (p->loader) {
  case LOAD_PIXELS:
    out = vips_image_new_from_memory(data, p->size, p->width, p->height, p->bands, VIPS_FORMAT_UCHAR);
    if (out) out->Type = VIPS_INTERPRETATION_sRGB;
    break;
  case LOAD_JPEG: vips_jpegload_buffer(data, p->size, &out, "shrink", shrink, STRICT, NULL); break;
  case LOAD_PNG: vips_pngload_buffer(data, p->size, &out, STRICT, NULL); break;
  case LOAD_GIF: vips_gifload_buffer(data, p->size, &out, "n", pages, STRICT, NULL); break;
  case LOAD_WEBP: vips_webpload_buffer(data, p->size, &out, "n", pages, "scale", scale, STRICT, NULL); break;
  case LOAD_HEIF: vips_heifload_buffer(data, p->size, &out, STRICT, NULL); break; // the primary picture
  }
  return out;
}

static int flag(VipsImage *im, const char *name) {
  int value = 0;
  return vips_image_get_typeof(im, name) && !vips_image_get_int(im, name, &value) && value;
}

int vt_header(const Picture *p, Header *h) {
  VipsImage *im = load(p, 1, 1, 1);
  if (!im) return FAILED;
  h->width = im->Xsize;
  h->height = vips_image_get_page_height(im);
  h->pages = vips_image_get_n_pages(im);
  h->bands = im->Bands;
  h->alpha = vips_image_hasalpha(im);
  h->bits = 8 * (int)vips_format_sizeof(im->BandFmt);
  h->progressive = flag(im, "jpeg-multiscan") || flag(im, "interlaced");
  g_object_unref(im);
  return 0;
}

// scale_of is the scale of the largest output.
static double scale_of(const Picture *p, const Output *o, int count) {
  double scale = 0;
  for (int i = 0; i < count; i++)
    if (o[i].target.width) {
      scale = VIPS_MAX(scale, (double)o[i].target.width / p->width);
      scale = VIPS_MAX(scale, (double)o[i].target.height / p->height);
    }
  return scale;
}

static int shrink_for(double scale) {
  int shrink = 8;
  while (shrink > 1 && scale * 2 * shrink > 1) shrink /= 2;
  return shrink;
}

// open_for loads a picture no larger than the outputs need: the loaders of JPEG
// and WebP reduce more cheaply than anything that comes after them. What they
// leave, at least a factor of 2, is for the better kernel.
static VipsImage *open_for(const Picture *p, double scale) { return load(p, shrink_for(scale), VIPS_MIN(1, scale * 2), 1); }

static int source_of(VipsImage *im, int height, ReduceSource *s) {
  if ((im->BandFmt != VIPS_FORMAT_UCHAR && im->BandFmt != VIPS_FORMAT_USHORT) || im->Bands > 4) {
    vips_error("vitrine", "%d bands of format %d are not supported", im->Bands, im->BandFmt);
    return FAILED;
  }
  *s = (ReduceSource){im->Xsize, height, im->Bands, (int)vips_format_sizeof(im->BandFmt), vips_image_hasalpha(im)};
  return 0;
}

// pull decodes count rows from top on and hands them to every reduction.
static int pull(VipsRegion *region, int top, int count, Reduce **reduce, int n, int64_t deadline) {
  VipsImage *im = region->im;
  int rows = (int)(STRIP / VIPS_IMAGE_SIZEOF_LINE(im)) & ~15;
  rows = VIPS_MAX(rows, 16);
  for (int y = 0; y < count; y += rows) {
    VipsRect strip = {0, top + y, im->Xsize, VIPS_MIN(rows, count - y)};
    if (g_get_monotonic_time() > deadline) return TOO_LATE;
    if (vips_region_prepare(region, &strip)) return FAILED;
    for (int i = 0; i < n; i++)
      if (reduce[i]) reduce_rows(reduce[i], VIPS_REGION_ADDR(region, 0, strip.top), VIPS_REGION_LSKIP(region), strip.height);
  }
  return 0;
}

static void copy_field(VipsImage *from, VipsImage *to, const char *name) {
  GValue value = G_VALUE_INIT;
  if (vips_image_get_typeof(from, name) && !vips_image_get(from, name, &value)) {
    vips_image_set(to, name, &value);
    g_value_unset(&value);
  }
}

static void copy_fields(VipsImage *from, VipsImage *to) {
  gchar **names = vips_image_get_fields(from);
  for (int i = 0; names && names[i]; i++)
    if (vips_image_get_typeof(to, names[i]) == 0) copy_field(from, to, names[i]);
  g_strfreev(names);
}

// forget_turn drops what is no longer true of an upright, resized picture.
static void forget_turn(VipsImage *im) {
  static const char *gone[] = {VIPS_META_ORIENTATION, "exif-ifd0-Orientation", "exif-ifd1-Orientation", "jpeg-thumbnail-data", "thumbnail-orientation"};
  for (size_t i = 0; i < G_N_ELEMENTS(gone); i++) vips_image_remove(im, gone[i]);
}

int names_srgb(const void *profile, size_t size) { return memmem(profile, size, "sRGB", 4) || memmem(profile, size, "s\0R\0G\0B", 7); }

// plain_profile reports whether there is no profile or one that names itself sRGB.
// Converting such pictures would cost ten milliseconds and change nothing.
static int plain_profile(VipsImage *im) {
  const void *data;
  size_t size;
  if (!vips_image_get_typeof(im, VIPS_META_ICC_NAME) || vips_image_get_blob(im, VIPS_META_ICC_NAME, &data, &size)) return 1;
  return names_srgb(data, size);
}

// for_web converts to 8 bits of sRGB, or of grey.
static int for_web(VipsImage *in, VipsImage **out) {
  int cmyk = in->Type == VIPS_INTERPRETATION_CMYK;
  if (cmyk || !plain_profile(in)) {
    if (!vips_icc_transform(in, out, "srgb", "embedded", TRUE, "input_profile", cmyk ? "cmyk" : "srgb", "depth", 8, NULL)) return 0;
    vips_error_clear(); // a broken profile is no reason to refuse a picture
  }
  int grey = in->Type == VIPS_INTERPRETATION_B_W || in->Type == VIPS_INTERPRETATION_GREY16;
  return vips_colourspace(in, out, grey ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB, NULL);
}

static int save(VipsImage *im, const Output *o) {
  VipsTarget *target = vips_target_new_to_descriptor(o->descriptor);
  if (!target) return FAILED;
  double white[] = {255, 255, 255};
  VipsArrayDouble *background = vips_array_double_new(white, 3);
  int strip = !o->original, r = FAILED;
  switch (o->saver) {
  case SAVE_JPEG:
    r = vips_jpegsave_target(im, target, "Q", o->quality, "strip", strip, "background", background, NULL);
    break;
  case SAVE_PNG: // 100 MP at the usual 6 would take 20 seconds
    r = vips_pngsave_target(im, target, "strip", strip, "compression", VIPS_IMAGE_N_PELS(im) > 20e6 ? 2 : 6, NULL);
    break;
  case SAVE_GIF: r = vips_gifsave_target(im, target, "strip", strip, "effort", 3, NULL); break;
  case SAVE_WEBP: r = vips_webpsave_target(im, target, "Q", o->quality, "strip", strip, "effort", 3, NULL); break;
  case SAVE_AVIF:
    r = vips_heifsave_target(im, target, "Q", o->quality, "strip", strip, "compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "bitdepth", 8,
                             "effort", 1, NULL);
    break;
  }
  vips_area_unref(VIPS_AREA(background));
  g_object_unref(target);
  return r;
}

// quick encodes reduced pixels without libvips, where they are what a browser
// wants as they are. It returns 1 where they are not.
static int quick(VipsImage *source, const void *pixels, int w, int h, const Output *o) {
  int bands = source->Bands;
  int plain = source->Type == VIPS_INTERPRETATION_sRGB ? bands >= 3 : source->Type == VIPS_INTERPRETATION_B_W && bands <= 2;
  if (o->original || !plain || source->BandFmt != VIPS_FORMAT_UCHAR || !plain_profile(source)) return 1;
  if (o->sketch) sketch(pixels, w, h, bands, o->sketch);
  if (o->saver == SAVE_JPEG && bands != 2 && bands != 4) return encode_jpeg(o->descriptor, pixels, w, h, bands, o->quality);
  if (o->saver == SAVE_PNG) return encode_png(o->descriptor, pixels, w, h, bands);
  return 1;
}

// as_it_is reports whether an output is the whole source, and the source lies in
// memory: then it needs no copy, which for 100 MP would be 300 MB.
static int as_it_is(const Picture *p, const Output *o) {
  return p->loader == LOAD_PIXELS && o->original && o->target.cropw == p->width && o->target.croph == p->height && o->target.orientation < 2;
}

// sketch_of fills in the sketch of an output that is ready to be saved.
static int sketch_of(VipsImage *web, const Output *o) {
  size_t size;
  if (!o->sketch || web->BandFmt != VIPS_FORMAT_UCHAR || web->Bands > 4) return 0;
  void *pixels = vips_image_write_to_memory(web, &size);
  if (!pixels) return FAILED;
  sketch(pixels, web->Xsize, web->Ysize, web->Bands, o->sketch);
  g_free(pixels);
  return 0;
}

// finish turns reduced pixels into a file.
static int finish(VipsImage *source, Reduce *reduce, const Output *o) {
  VipsImage *raw = NULL, *tagged = NULL, *web = NULL;
  int w, h, r = FAILED;
  size_t size;
  void *pixels = reduce_steal(reduce, &w, &h, &size);
  if ((r = quick(source, pixels, w, h, o)) <= 0) {
    if (r) vips_error_system(errno, "vitrine", "cannot write");
    goto end;
  }
  r = FAILED;
  if (!(raw = vips_image_new_from_memory(pixels, size, w, h, source->Bands, source->BandFmt)) ||
      vips_copy(raw, &tagged, "interpretation", source->Type, "xres", source->Xres, "yres", source->Yres, NULL))
    goto end;
  if (o->original) {
    copy_fields(source, tagged);
    forget_turn(tagged);
    vips_image_remove(tagged, VIPS_META_N_PAGES);
    vips_image_remove(tagged, VIPS_META_PAGE_HEIGHT);
    r = save(tagged, o);
  } else {
    copy_field(source, tagged, VIPS_META_ICC_NAME);
    if (!for_web(tagged, &web) && !sketch_of(web, o)) r = save(web, o);
  }
end:
  if (web) g_object_unref(web);
  if (tagged) g_object_unref(tagged);
  if (raw) g_object_unref(raw);
  free(pixels);
  return r;
}

int vt_render(const Picture *p, const Output *outputs, int count, int64_t patience) {
  int64_t deadline = g_get_monotonic_time() + patience;
  Reduce *reduce[MOST_OUTPUTS] = {0};
  VipsRegion *region = NULL;
  ReduceSource s;
  int r = FAILED;
  double scale = scale_of(p, outputs, count);
  if ((r = jpeg_render(p, outputs, count, shrink_for(scale), deadline)) != UNUSUAL) return r;
  r = FAILED;
  VipsImage *im = open_for(p, scale);
  if (!im || count > MOST_OUTPUTS || source_of(im, im->Ysize, &s)) goto end;
  r = CHANGED; // a file that is not what its header said
  int reduced = p->loader == LOAD_WEBP || (p->loader == LOAD_JPEG && shrink_for(scale) > 1);
  if (!reduced && (s.width != p->width || s.height != p->height)) goto end;
  for (int i = 0; i < count; i++) {
    ReduceTarget t = outputs[i].target;
    if (!t.width || as_it_is(p, &outputs[i])) continue;
    r = CHANGED;
    if (t.width > s.width || t.height > s.height) goto end;
    r = NO_MEMORY;
    if (!(reduce[i] = reduce_new(s, t))) goto end;
  }
  r = FAILED;
  if (!(region = vips_region_new(im)) || (r = pull(region, 0, im->Ysize, reduce, count, deadline))) goto end;
  for (int i = 0; i < count && !r; i++)
    if (reduce[i])
      r = finish(im, reduce[i], &outputs[i]);
    else if (outputs[i].target.width)
      r = save(im, &outputs[i]);
end:
  for (int i = 0; i < MOST_OUTPUTS; i++) reduce_free(reduce[i]);
  if (region) g_object_unref(region);
  if (im) g_object_unref(im);
  return r;
}

// Animation is the state of a picture whose rows are reduced frame by frame as
// the saver asks for them, so that no more than one frame is kept.
typedef struct {
  ReduceSource source;
  ReduceTarget target;
  int64_t deadline;
  int frame; // that pixels holds; -1 none
  char *pixels;
  int fault;
} Animation;

static int next_frame(VipsRegion *in, Animation *a) {
  Reduce *reduce = reduce_new(a->source, a->target);
  int w, h;
  size_t size;
  a->frame++;
  free(a->pixels);
  a->pixels = NULL;
  a->fault = NO_MEMORY;
  if (!reduce) return -1;
  if (!(a->fault = pull(in, a->frame * a->source.height, a->source.height, &reduce, 1, a->deadline))) a->pixels = reduce_steal(reduce, &w, &h, &size);
  reduce_free(reduce);
  return a->fault;
}

static int generate(VipsRegion *out, void *seq, void *unused, void *state, gboolean *stop) {
  Animation *a = state;
  VipsRect *want = &out->valid;
  size_t line = VIPS_IMAGE_SIZEOF_LINE(out->im), pixel = VIPS_IMAGE_SIZEOF_PEL(out->im);
  for (int y = want->top; y < want->top + want->height; y++) {
    while (a->frame < y / a->target.height)
      if (next_frame(seq, a)) return -1;
    if (a->frame > y / a->target.height || !a->pixels) return -1;
    memcpy(VIPS_REGION_ADDR(out, want->left, y), a->pixels + (y % a->target.height) * line + want->left * pixel, want->width * pixel);
  }
  return 0;
}

int vt_animate(const Picture *p, const Output *o, int64_t patience) {
  VipsImage *in = load(p, 1, 1, -1), *out = NULL;
  Animation a = {.target = o->target, .deadline = g_get_monotonic_time() + patience, .frame = -1};
  int r = FAILED;
  if (!in) goto end;
  int height = vips_image_get_page_height(in);
  if (source_of(in, height, &a.source)) goto end;
  r = CHANGED;
  if (o->target.width > a.source.width || o->target.height > height || in->Ysize % height) goto end;
  out = vips_image_new();
  r = FAILED;
  if (vips_image_pipelinev(out, VIPS_DEMAND_STYLE_THINSTRIP, in, NULL)) goto end;
  out->Xsize = o->target.width;
  out->Ysize = o->target.height * (in->Ysize / height);
  forget_turn(out);
  vips_image_set_int(out, VIPS_META_PAGE_HEIGHT, o->target.height);
  if (vips_image_generate(out, vips_start_one, generate, vips_stop_one, in, &a) || save(out, o)) goto end;
  r = 0;
end:
  if (r == FAILED && a.fault) r = a.fault;
  if (out) g_object_unref(out);
  if (in) g_object_unref(in);
  free(a.pixels);
  return r;
}
