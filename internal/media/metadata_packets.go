package media

import (
	"bytes"
	"encoding/binary"
	"strings"

	"github.com/bep/imagemeta"
)

// maxPacket is the most bytes of an XMP or IPTC packet that is read for its
// texts; maxCleaned of one that is looked through for a position. Phones put
// depth maps into extended packets.
const (
	maxPacket  = 1 << 20
	maxCleaned = 32 << 20
)

// readXMP calls handle with the properties of an XMP packet; values are strings or
// lists of them. A packet that is not well-formed gives what came before the fault.
//
// The reader of imagemeta wants a whole file, and would follow a stranger's
// lengths through it, in circles if they lead there. So it gets a tiny WebP file
// with the packet alone.
func readXMP(packet []byte, handle func(namespace, name string, values []string)) {
	if len(packet) > maxPacket {
		return
	}
	b := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00XMP ")
	b = binary.LittleEndian.AppendUint32(b, uint32(len(packet)))
	b = append(b, packet...)
	readPackets(b, imagemeta.WebP, imagemeta.XMP, handle)
}

// readIPTC calls handle with the datasets of the IPTC records in Photoshop's
// image resources.
func readIPTC(irb []byte, handle func(namespace, name string, values []string)) {
	eachResource(irb, func(id uint16, data []byte) {
		if id != resourceIPTC || len(data) > 60_000 {
			return
		}
		n := 2 + len(headIRB) + 12 + len(data) + len(data)&1
		b := append([]byte("\xff\xd8\xff\xed"), byte(n>>8), byte(n))
		b = append(b, headIRB+"8BIM\x04\x04\x00\x00"...)
		b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
		b = append(b, data...)
		if len(data)&1 == 1 {
			b = append(b, 0)
		}
		readPackets(append(b, 0xff, 0xda), imagemeta.JPEG, imagemeta.IPTC, handle)
	})
}

func readPackets(file []byte, format imagemeta.ImageFormat, source imagemeta.Source, handle func(namespace, name string, values []string)) {
	// Errors mean that there is nothing more to be had; a picture with a spoilt
	// packet is still a picture.
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(file), ImageFormat: format, Sources: source,
		HandleTag: func(t imagemeta.TagInfo) error {
			switch v := t.Value.(type) {
			case string:
				handle(t.Namespace, t.Tag, []string{v})
			case []string:
				handle(t.Namespace, t.Tag, v)
			}
			return nil
		},
	})
}

// packetTexts are what the house wants from packets.
type packetTexts struct {
	title, description string
	is360              bool
}

// The namespaces of XMP properties that are read.
const (
	namespaceDC    = "http://purl.org/dc/elements/1.1/"
	namespaceGPano = "http://ns.google.com/photos/1.0/panorama/"
)

func (p *packetTexts) xmp(namespace, name string, values []string) {
	if len(values) == 0 {
		return
	}
	switch {
	case namespace == namespaceDC && name == "Title":
		p.title = values[0]
	case namespace == namespaceDC && name == "Description":
		p.description = values[0]
	case namespace == namespaceGPano && name == "ProjectionType":
		p.is360 = p.is360 || strings.EqualFold(values[0], "equirectangular")
	case namespace == namespaceGPano && name == "UsePanoramaViewer":
		p.is360 = p.is360 || strings.EqualFold(values[0], "true")
	}
}

func (p *packetTexts) iptc(_, name string, values []string) {
	if len(values) == 0 {
		return
	}
	switch name {
	case "ObjectName":
		p.title = values[0]
	case "Caption-Abstract":
		p.description = values[0]
	}
}
