package media

// exifNames are the names that EXIF values are shown under: those that clients of
// the protocol know, which are PHP's (ext/exif), and the standard's own for tags
// that are younger. Tags without a name are not shown.
var exifNames = map[uint16]string{
	0x0100: "ImageWidth", 0x0101: "ImageLength", 0x0102: "BitsPerSample", 0x0103: "Compression",
	0x0106: "PhotometricInterpretation", 0x010d: "DocumentName", 0x010e: "ImageDescription",
	0x010f: "Make", 0x0110: "Model", 0x0112: "Orientation", 0x0115: "SamplesPerPixel",
	0x011a: "XResolution", 0x011b: "YResolution", 0x011c: "PlanarConfiguration", 0x011d: "PageName",
	0x0128: "ResolutionUnit", 0x0131: "Software", 0x0132: "DateTime", 0x013b: "Artist",
	0x013c: "HostComputer", 0x013e: "WhitePoint", 0x013f: "PrimaryChromaticities",
	0x0211: "YCbCrCoefficients", 0x0212: "YCbCrSubSampling", 0x0213: "YCbCrPositioning",
	0x0214: "ReferenceBlackWhite", 0x8298: "Copyright",

	0x829a: "ExposureTime", 0x829d: "FNumber", 0x8822: "ExposureProgram", 0x8824: "SpectralSensitivity",
	0x8827: "ISOSpeedRatings", 0x8830: "SensitivityType", 0x8831: "StandardOutputSensitivity",
	0x8832: "RecommendedExposureIndex", 0x8833: "ISOSpeed", 0x9000: "ExifVersion",
	0x9003: "DateTimeOriginal", 0x9004: "DateTimeDigitized", 0x9010: "OffsetTime",
	0x9011: "OffsetTimeOriginal", 0x9012: "OffsetTimeDigitized", 0x9101: "ComponentsConfiguration",
	0x9102: "CompressedBitsPerPixel", 0x9201: "ShutterSpeedValue", 0x9202: "ApertureValue",
	0x9203: "BrightnessValue", 0x9204: "ExposureBiasValue", 0x9205: "MaxApertureValue",
	0x9206: "SubjectDistance", 0x9207: "MeteringMode", 0x9208: "LightSource", 0x9209: "Flash",
	0x920a: "FocalLength", 0x9214: "SubjectArea", 0x9286: "UserComment", 0x9290: "SubSecTime",
	0x9291: "SubSecTimeOriginal", 0x9292: "SubSecTimeDigitized", 0x9400: "AmbientTemperature",
	0x9401: "Humidity", 0x9402: "Pressure", 0x9403: "WaterDepth", 0x9404: "Acceleration",
	0x9405: "CameraElevationAngle", 0xa000: "FlashPixVersion", 0xa001: "ColorSpace",
	0xa002: "ExifImageWidth", 0xa003: "ExifImageLength", 0xa004: "RelatedSoundFile",
	0xa20b: "FlashEnergy", 0xa20e: "FocalPlaneXResolution", 0xa20f: "FocalPlaneYResolution",
	0xa210: "FocalPlaneResolutionUnit", 0xa214: "SubjectLocation", 0xa215: "ExposureIndex",
	0xa217: "SensingMethod", 0xa300: "FileSource", 0xa301: "SceneType", 0xa401: "CustomRendered",
	0xa402: "ExposureMode", 0xa403: "WhiteBalance", 0xa404: "DigitalZoomRatio",
	0xa405: "FocalLengthIn35mmFilm", 0xa406: "SceneCaptureType", 0xa407: "GainControl",
	0xa408: "Contrast", 0xa409: "Saturation", 0xa40a: "Sharpness", 0xa40c: "SubjectDistanceRange",
	0xa420: "ImageUniqueID", 0xa430: "CameraOwnerName", 0xa431: "BodySerialNumber",
	0xa432: "LensSpecification", 0xa433: "LensMake", 0xa434: "LensModel", 0xa435: "LensSerialNumber",
	0xa460: "CompositeImage", 0xa500: "Gamma",

	0x9c9b: "Title", 0x9c9c: "Comments", 0x9c9d: "Author", 0x9c9e: "Keywords", 0x9c9f: "Subject",
}

// interopNames are the names in the interoperability directory, whose tags begin
// at 1 again.
var interopNames = map[uint16]string{
	0x0001: "InterOperabilityIndex", 0x0002: "InterOperabilityVersion",
	0x1001: "RelatedImageWidth", 0x1002: "RelatedImageHeight",
}
