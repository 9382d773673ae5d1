package vitrine

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// defaultValues are the settings of a new site, in the form that Set takes.
var defaultValues = []struct{ key, value string }{
	{"site_name", "Vitrine"}, {"site_description", ""}, {"languages", "en,nb,ru,ja,zh-CN"}, {"language", "en"},
	{"timezone", "UTC"}, {"maintenance", "off"},
	{"uploads", "on"}, {"upload_formats", "jpg,jpeg,png,bmp,gif,webp,avif,heic,mov,mp4,webm"},
	{"upload_max_size", "20MB"}, {"upload_max_size_guest", "5MB"}, {"upload_naming", "original"},
	{"storage_mode", "datefolder"}, {"on_duplicate", "error"}, {"url_upload", "users"}, {"use_file_date", "on"}, {"expirable_uploads", "on"},
	{"thumb_size", "320x320"}, {"medium_size", "500"}, {"medium_dimension", "width"}, {"max_width", "0"}, {"max_height", "0"},
	{"max_pixels", "jpeg=100 progressive=50 png=100 webp=100 gif=50 avif=40 heic=40 bmp=100 frame=50 animation=500"},
	{"keep_exif", "on"}, {"keep_gps", "off"}, {"camera_tags", "on"}, {"tags_per_file", "50"},
	{"guest_uploads", "on"}, {"guest_albums", "on"}, {"guest_api", "off"}, {"guest_key", ""}, {"guest_tags", "off"}, {"guest_auto_delete", ""},
	{"flood_protection", "on"}, {"flood_minute", "50"}, {"flood_hour", "500"}, {"flood_day", "1000"}, {"flood_week", "5000"}, {"flood_month", "10000"},
	{"stop_words", ""},
	{"delete_url_mode", "confirm"}, {"delivery", "stream"}, {"loader_size", "5MB"},
	{"route_image", "image"}, {"route_video", "clip"}, {"route_album", "album"}, {"titles_in_urls", "on"},
}

// settingTable is every setting: key, help, how to read and how to write it.
var settingTable = []Setting{
	text("site_name", "name of the site, 1 to 100 characters", 1, 100, func(s *Settings) *string { return &s.SiteName }),
	text("site_description", "one sentence about the site, up to 500 characters", 0, 500, func(s *Settings) *string { return &s.SiteDescription }),
	{Key: "language", Help: "language where the visitor's is not offered: one of languages",
		get: func(s *Settings) string { return s.Language },
		set: func(s *Settings, v string) error {
			if !slices.Contains(s.Languages, v) {
				return Invalid("", "use one of %s", strings.Join(s.Languages, ", "))
			}
			s.Language = v
			return nil
		}},
	{Key: "languages", Help: "languages offered, by comma: en, nb, ru, ja, zh-CN; the first is language where that is not among them",
		get: func(s *Settings) string { return strings.Join(s.Languages, ",") },
		set: func(s *Settings, v string) error {
			list, err := wordList(v, []string{"en", "nb", "ru", "ja", "zh-CN"})
			if err == nil {
				s.Languages = list
				if !slices.Contains(list, s.Language) {
					s.Language = list[0]
				}
			}
			return err
		}},
	{Key: "timezone", Help: "zone of dates and date folders, such as Europe/Oslo",
		get: func(s *Settings) string { return s.Location.String() },
		set: func(s *Settings, v string) error {
			l, err := time.LoadLocation(v)
			if err != nil || v == "" || v == "Local" {
				return Invalid("", "use a name of the IANA time zone database, such as Europe/Oslo")
			}
			s.Location = l
			return nil
		}},
	flag("maintenance", "on: closed for everybody but admins", func(s *Settings) *bool { return &s.Maintenance }),

	flag("uploads", "off: nobody but admins may upload", func(s *Settings) *bool { return &s.Uploads }),
	{Key: "upload_formats", Help: "accepted formats by their extensions",
		get: func(s *Settings) string { return strings.Join(s.UploadFormats, ",") },
		set: func(s *Settings, v string) error {
			list, err := wordList(strings.ToLower(v), []string{"jpg", "jpeg", "png", "bmp", "gif", "webp", "avif", "heic", "mov", "mp4", "webm"})
			if err == nil {
				s.UploadFormats = list
			}
			return err
		}},
	size("upload_max_size", "most bytes of a user's file", func(s *Settings) *Size { return &s.UploadMaxSize }),
	size("upload_max_size_guest", "most bytes of a guest's file", func(s *Settings) *Size { return &s.UploadMaxSizeGuest }),
	word("upload_naming", "name of stored files: original, random, mixed or id", func(s *Settings) *NamingMode { return &s.UploadNaming }, NamingOriginal, NamingRandom, NamingMixed, NamingID),
	word("storage_mode", "folder of stored files: datefolder (YYYY/MM/DD) or direct", func(s *Settings) *StorageMode { return &s.StorageMode }, DateFolder, Direct),
	word("on_duplicate", "same bytes from the same address within a day: error, existing or allow", func(s *Settings) *DuplicateMode { return &s.OnDuplicate }, DuplicateError, DuplicateExisting, DuplicateAllow),
	word("url_upload", "who may upload by URL: off, admins or users", func(s *Settings) *URLUploadMode { return &s.URLUpload }, URLUploadOff, URLUploadAdmins, URLUploadUsers),
	flag("use_file_date", "off: the parameter use_file_date is unknown", func(s *Settings) *bool { return &s.UseFileDate }),
	flag("expirable_uploads", "off: the parameter expiration is ignored", func(s *Settings) *bool { return &s.ExpirableUploads }),

	{Key: "thumb_size", Help: "size of thumbs in pixels, WIDTHxHEIGHT",
		get: func(s *Settings) string { return strconv.Itoa(s.Thumb.Width) + "x" + strconv.Itoa(s.Thumb.Height) },
		set: func(s *Settings, v string) error {
			w, h, _ := strings.Cut(v, "x")
			width, err1 := wholeNumber(w, 16, 2000)
			height, err2 := wholeNumber(h, 16, 2000)
			if err1 != nil || err2 != nil {
				return Invalid("", "write it like 320x320, each side from 16 to 2000")
			}
			s.Thumb = Dimensions{width, height}
			return nil
		}},
	number("medium_size", "pixels of the medium's fixed side", 16, 4000, func(s *Settings) *int { return &s.Medium }),
	{Key: "medium_dimension", Help: "the medium's fixed side: width or height",
		get: func(s *Settings) string {
			if s.MediumByHeight {
				return "height"
			}
			return "width"
		},
		set: func(s *Settings, v string) error {
			if v != "width" && v != "height" {
				return Invalid("", "use width or height")
			}
			s.MediumByHeight = v == "height"
			return nil
		}},
	number("max_width", "wider pictures are reduced to this many pixels; 0 is off", 0, 100000, func(s *Settings) *int { return &s.MaxWidth }),
	number("max_height", "higher pictures are reduced to this many pixels; 0 is off", 0, 100000, func(s *Settings) *int { return &s.MaxHeight }),
	{Key: "max_pixels", Help: "most megapixels by format, of one frame and of all frames of an animation",
		get: func(s *Settings) string { return s.MaxPixels.String() },
		set: func(s *Settings, v string) error {
			p, err := ParsePixelLimits(v, s.MaxPixels)
			if err == nil {
				s.MaxPixels = p
			}
			return err
		}},
	flag("keep_exif", "off: metadata is removed from stored files", func(s *Settings) *bool { return &s.KeepEXIF }),
	flag("keep_gps", "on: the position stays in stored files", func(s *Settings) *bool { return &s.KeepGPS }),
	flag("camera_tags", "on: camera make and model become a tag on users' files", func(s *Settings) *bool { return &s.CameraTags }),
	number("tags_per_file", "most tags on one file", 0, 1000, func(s *Settings) *int { return &s.TagsPerFile }),

	flag("guest_uploads", "off: only users may upload", func(s *Settings) *bool { return &s.GuestUploads }),
	flag("guest_albums", "off: guests may not make albums of what they uploaded", func(s *Settings) *bool { return &s.GuestAlbums }),
	flag("guest_api", "on: the guest key uploads through the API", func(s *Settings) *bool { return &s.GuestAPI }),
	text("guest_key", "the public API key; 'vitrine key create --guest' makes one", 0, 200, func(s *Settings) *string { return &s.GuestKey }),
	flag("guest_tags", "on: tags of guests are kept", func(s *Settings) *bool { return &s.GuestTags }),
	{Key: "guest_auto_delete", Help: "span after which guests' files are deleted, such as P30D; empty is never",
		get: func(s *Settings) string { return s.GuestAutoDelete },
		set: func(s *Settings, v string) error {
			if v != "" {
				if _, err := ParseExpiration(v, time.Unix(0, 0)); err != nil {
					return Invalid("", "use a duration from PT5M to P1Y, or nothing")
				}
			}
			s.GuestAutoDelete = v
			return nil
		}},

	flag("flood_protection", "off: no limits on uploads per address", func(s *Settings) *bool { return &s.FloodProtection }),
	number("flood_minute", "most uploads of an address in a minute; 0 is no limit", 0, 1e9, func(s *Settings) *int { return &s.FloodMinute }),
	number("flood_hour", "… in an hour", 0, 1e9, func(s *Settings) *int { return &s.FloodHour }),
	number("flood_day", "… in a day", 0, 1e9, func(s *Settings) *int { return &s.FloodDay }),
	number("flood_week", "… in a week", 0, 1e9, func(s *Settings) *int { return &s.FloodWeek }),
	number("flood_month", "… in 30 days", 0, 1e9, func(s *Settings) *int { return &s.FloodMonth }),
	{Key: "stop_words", Help: "regular expressions, one a line, that no name, title, text or tag may match",
		get: func(s *Settings) string { return s.stopWords },
		set: func(s *Settings, v string) error {
			w, err := ParseStopWords(v)
			if err == nil {
				s.StopWords, s.stopWords = w, v
			}
			return err
		}},

	word("delete_url_mode", "delete links ask first (confirm) or act at once (instant)", func(s *Settings) *DeleteURLMode { return &s.DeleteURLMode }, DeleteConfirm, DeleteInstant),
	word("delivery", "raw files from a bucket: stream through the server, or redirect to a signed link", func(s *Settings) *DeliveryMode { return &s.Delivery }, DeliveryStream, DeliveryRedirect),
	size("loader_size", "pages ask before they load an original larger than this", func(s *Settings) *Size { return &s.LoaderSize }),
	route("route_image", "first part of viewer addresses of pictures", func(s *Settings) *string { return &s.RouteImage }),
	route("route_video", "first part of viewer addresses of films", func(s *Settings) *string { return &s.RouteVideo }),
	route("route_album", "first part of album addresses", func(s *Settings) *string { return &s.RouteAlbum }),
	flag("titles_in_urls", "off: viewer addresses carry no title", func(s *Settings) *bool { return &s.TitlesInURLs }),
}

var settingByKey = func() map[string]Setting {
	m := make(map[string]Setting, len(settingTable))
	for i, d := range settingTable {
		if d.Key == "guest_key" {
			settingTable[i].Secret = true
		}
		m[d.Key] = settingTable[i]
	}
	return m
}()

func text(key, help string, least, most int, at func(*Settings) *string) Setting {
	return Setting{Key: key, Help: help,
		get: func(s *Settings) string { return *at(s) },
		set: func(s *Settings, v string) error {
			v = strings.TrimSpace(v)
			if n := len([]rune(v)); n < least || n > most {
				return Invalid("", "use %d to %d characters", least, most)
			}
			*at(s) = v
			return nil
		}}
}

func flag(key, help string, at func(*Settings) *bool) Setting {
	return Setting{Key: key, Help: help,
		get: func(s *Settings) string {
			if *at(s) {
				return "on"
			}
			return "off"
		},
		set: func(s *Settings, v string) error {
			switch strings.ToLower(strings.TrimSpace(v)) {
			case "on", "true", "yes", "1":
				*at(s) = true
			case "off", "false", "no", "0":
				*at(s) = false
			default:
				return Invalid("", "use on or off")
			}
			return nil
		}}
}

func size(key, help string, at func(*Settings) *Size) Setting {
	return Setting{Key: key, Help: help,
		get: func(s *Settings) string { return at(s).exact() },
		set: func(s *Settings, v string) error {
			n, err := ParseSize(v)
			if err != nil || n < 1 {
				return Invalid("", "write it like 20MB")
			}
			*at(s) = n
			return nil
		}}
}

func number(key, help string, least, most int, at func(*Settings) *int) Setting {
	return Setting{Key: key, Help: help,
		get: func(s *Settings) string { return strconv.Itoa(*at(s)) },
		set: func(s *Settings, v string) error {
			n, err := wholeNumber(v, least, most)
			if err == nil {
				*at(s) = n
			}
			return err
		}}
}

func word[T ~string](key, help string, at func(*Settings) *T, words ...T) Setting {
	return Setting{Key: key, Help: help,
		get: func(s *Settings) string { return string(*at(s)) },
		set: func(s *Settings, v string) error {
			if !slices.Contains(words, T(v)) {
				names := make([]string, len(words))
				for i, w := range words {
					names[i] = string(w)
				}
				return Invalid("", "use %s", strings.Join(names, " or "))
			}
			*at(s) = T(v)
			return nil
		}}
}

var routePattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// takenRoutes are first path segments that mean something else already.
var takenRoutes = []string{"api", "api-v1", "api-v2", "images", "livez", "readyz", "assets", "tag", "category", "user", "explore", "search", "settings", "login", "logout", "upload", "oembed", "admin", "dashboard", "feed", "page", "random", "files"}

func route(key, help string, at func(*Settings) *string) Setting {
	return Setting{Key: key, Help: help,
		get: func(s *Settings) string { return *at(s) },
		set: func(s *Settings, v string) error {
			if !routePattern.MatchString(v) || slices.Contains(takenRoutes, v) {
				return Invalid("", "use 1 to 32 of a-z, 0-9 and -, not one of %s", strings.Join(takenRoutes, ", "))
			}
			for _, other := range []*string{&s.RouteImage, &s.RouteVideo, &s.RouteAlbum} {
				if other != at(s) && *other == v {
					return Invalid("", "another route has this name already")
				}
			}
			*at(s) = v
			return nil
		}}
}

func wholeNumber(v string, least, most int) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(v))
	if err != nil || n < least || n > most {
		return 0, Invalid("", "use a whole number from %d to %d", least, most)
	}
	return n, nil
}

// wordList splits at commas and refuses what is not known, and an empty list.
func wordList(v string, known []string) ([]string, error) {
	var list []string
	for w := range strings.SplitSeq(v, ",") {
		w = strings.TrimSpace(w)
		if w == "" || slices.Contains(list, w) {
			continue
		}
		if !slices.Contains(known, w) {
			return nil, Invalid("", "%q is not one of %s", w, strings.Join(known, ", "))
		}
		list = append(list, w)
	}
	if len(list) == 0 {
		return nil, Invalid("", "name at least one of %s", strings.Join(known, ", "))
	}
	return list, nil
}
