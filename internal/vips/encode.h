// Encoders for what is made most: small 8-bit JPEG and PNG without metadata.
#ifndef VITRINE_ENCODE_H
#define VITRINE_ENCODE_H

// Both write to a descriptor and return 0, or -1 with errno, 0 for the encoder's
// own faults. bands: 1 grey, 3 RGB, and for PNG 2 and 4 with alpha.
int encode_jpeg(int descriptor, const unsigned char *pixels, int width, int height, int bands, int quality);
int encode_png(int descriptor, const unsigned char *pixels, int width, int height, int bands);

#endif
