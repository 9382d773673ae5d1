package apiv1

// image is a file as the API shows it. Fields stand in the order of the
// specification's sample; every key is always there, but frame, which only films
// have.
type image struct {
	Name               string    `json:"name"`
	Extension          string    `json:"extension"`
	Size               int64     `json:"size"`
	Width              int       `json:"width"`
	Height             int       `json:"height"`
	Date               string    `json:"date"`     // in the site's zone
	DateGMT            string    `json:"date_gmt"` // in UTC
	Title              *string   `json:"title"`
	Tags               []tag     `json:"tags"`
	Description        *string   `json:"description"`
	NSFW               int       `json:"nsfw"`
	StorageMode        string    `json:"storage_mode"`
	MD5                string    `json:"md5"`
	SourceMD5          *string   `json:"source_md5"`
	Checksum           string    `json:"checksum"`
	SourceChecksum     *string   `json:"source_checksum"`
	OriginalFilename   string    `json:"original_filename"`
	OriginalEXIF       *string   `json:"original_exifdata"` // JSON in a string
	Views              int64     `json:"views"`
	CategoryID         *int64    `json:"category_id"`
	Chain              int       `json:"chain"`
	ThumbSize          int64     `json:"thumb_size"`
	MediumSize         int64     `json:"medium_size"`
	FrameSize          int64     `json:"frame_size"`
	ExpirationDateGMT  *string   `json:"expiration_date_gmt"`
	Likes              int64     `json:"likes"`
	IsAnimated         int       `json:"is_animated"`
	IsApproved         int       `json:"is_approved"`
	Is360              int       `json:"is_360"`
	Duration           int64     `json:"duration"` // seconds
	Type               string    `json:"type"`
	TagsString         string    `json:"tags_string"`
	File               fileField `json:"file"`
	IDEncoded          string    `json:"id_encoded"`
	Filename           string    `json:"filename"`
	MIME               string    `json:"mime"`
	URL                string    `json:"url"`
	Ratio              float64   `json:"ratio"`
	SizeFormatted      string    `json:"size_formatted"`
	Frame              *part     `json:"frame,omitempty"`
	Image              part      `json:"image"`
	Thumb              part      `json:"thumb"`
	URLFrame           string    `json:"url_frame"`
	Medium             part      `json:"medium"`
	DurationTime       string    `json:"duration_time"`
	URLViewer          string    `json:"url_viewer"`
	PathViewer         string    `json:"path_viewer"`
	URLShort           string    `json:"url_short"`
	DisplayURL         string    `json:"display_url"`
	DisplayWidth       int       `json:"display_width"`
	DisplayHeight      int       `json:"display_height"`
	ViewsLabel         string    `json:"views_label"`
	LikesLabel         string    `json:"likes_label"`
	HowLongAgo         string    `json:"how_long_ago"`
	DateFixedPeer      string    `json:"date_fixed_peer"`
	TitleTruncated     string    `json:"title_truncated"`
	TitleTruncatedHTML string    `json:"title_truncated_html"`
	IsUseLoader        bool      `json:"is_use_loader"`
	DisplayTitle       string    `json:"display_title"`
	DeleteURL          *string   `json:"delete_url"` // null for a file that was there already
}

// tag is a tag of a file.
type tag struct {
	Name         string `json:"name"`
	NameSafeHTML string `json:"name_safe_html"`
	URLKey       string `json:"url_key"`
	URL          string `json:"url"`
}

// fileField says how the file is kept: "path" on a disk, "url" elsewhere.
type fileField struct {
	Resource struct {
		Type string `json:"type"`
	} `json:"resource"`
}

// part is one stored file. Where there is none, its five texts are null and the
// size is left out.
type part struct {
	Filename  *string `json:"filename"`
	Name      *string `json:"name"`
	MIME      *string `json:"mime"`
	Extension *string `json:"extension"`
	URL       *string `json:"url"`
	Size      int64   `json:"size,omitempty"`
}
