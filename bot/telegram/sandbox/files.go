package sandbox

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	_ "image/gif" // the formats Telegram takes as photos
	_ "image/jpeg"
	_ "image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
)

// filesBudget is how many bytes of uploads are kept; the oldest go first.
const filesBudget = 256 << 20

type file struct {
	id, unique, path string
	kind             string // a key of fileTypes
	name, mime       string
	width, height    int // of a photo
	size             int
	data             []byte
}

type fileStore struct {
	rng    *rand.Rand
	byHash map[string]*file
	byID   map[string]*file
	byPath map[string]*file
	order  []*file
	bytes  int
}

func (fs *fileStore) init(r *rand.Rand) {
	fs.rng, fs.byHash, fs.byID, fs.byPath = r, map[string]*file{}, map[string]*file{}, map[string]*file{}
}

// add keeps f. Equal bytes of one kind become one file, as on Telegram's servers.
func (fs *fileStore) add(f *file, kind string) *file {
	sum := sha256.Sum256(append([]byte(kind+f.name+"\n"), f.data...))
	key := string(sum[:])
	if old := fs.byHash[key]; old != nil {
		return old
	}
	prefix, folder := "AgACAgIAAxkBAAI", "photos"
	if kind != "photo" {
		prefix, folder = "BQACAgIAAxkBAAI", kind+"s"
	}
	f.kind = kind
	f.id = prefix + randomText(fs.rng, 57)
	f.unique = "AQAD" + base64.RawURLEncoding.EncodeToString(sum[:9])
	f.size = len(f.data)
	f.path = fmt.Sprintf("%s/file_%d%s", folder, len(fs.byID), extension(f))
	fs.byHash[key], fs.byID[f.id], fs.byPath[f.path] = f, f, f
	fs.order = append(fs.order, f)
	fs.bytes += f.size
	for fs.bytes > filesBudget && len(fs.order) > 1 {
		old := fs.order[0]
		fs.order = fs.order[1:]
		fs.bytes -= old.size
		old.data = nil
		for k, v := range fs.byHash {
			if v == old {
				delete(fs.byHash, k)
			}
		}
	}
	return f
}

func extension(f *file) string {
	if dot := strings.LastIndexByte(f.name, '.'); f.width == 0 && dot >= 0 {
		return f.name[dot:]
	}
	if f.width == 0 {
		return ""
	}
	return ".jpg"
}

// newPhoto checks that data is a picture Telegram would take.
func newPhoto(data []byte) (*file, *apiError) {
	if len(data) == 0 {
		return nil, bad("file must be non-empty")
	}
	if len(data) > maxPhotoBytes {
		return nil, bad("file of size %d bytes is too big for a photo; the maximum size is %d bytes", len(data), maxPhotoBytes)
	}
	conf, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, bad("IMAGE_PROCESS_FAILED")
	}
	long, short := max(conf.Width, conf.Height), min(conf.Width, conf.Height)
	if short == 0 || conf.Width+conf.Height > maxPhotoSidesTotal || long > short*maxPhotoRatio {
		return nil, bad("PHOTO_INVALID_DIMENSIONS")
	}
	if !whole(data, format) {
		return nil, bad("IMAGE_PROCESS_FAILED") // a good header, a torn picture
	}
	return &file{data: data, width: conf.Width, height: conf.Height, mime: http.DetectContentType(data)}, nil
}

// whole reports whether a picture can be read to its end.
func whole(data []byte, format string) bool {
	if format == "png" {
		return wholePNG(data)
	}
	_, _, err := image.Decode(bytes.NewReader(data))
	return err == nil
}

// wholePNG looks at the checksums of all chunks and of the pixels: making the pixels of a QR
// code would take ten times as long as everything else about sending it.
func wholePNG(data []byte) bool {
	const signature = 8
	if len(data) < signature {
		return false
	}
	var pixels bytes.Buffer
	for rest := data[signature:]; len(rest) >= 12; {
		n := int(binary.BigEndian.Uint32(rest))
		if n > len(rest)-12 {
			return false
		}
		kind, body := string(rest[4:8]), rest[8:8+n]
		if crc32.ChecksumIEEE(rest[4:8+n]) != binary.BigEndian.Uint32(rest[8+n:]) {
			return false
		}
		switch kind {
		case "IDAT":
			pixels.Write(body)
		case "IEND":
			z, err := zlib.NewReader(&pixels)
			if err != nil {
				return false
			}
			size, err := io.Copy(io.Discard, io.LimitReader(z, 256<<20)) // more than the sides allow
			return err == nil && size > 0
		}
		rest = rest[12+n:]
	}
	return false
}

func (f *file) sizes() []obj {
	big := obj{"file_id": f.id, "file_unique_id": f.unique, "file_size": f.size, "width": f.width, "height": f.height}
	long := max(f.width, f.height)
	if long <= 90 {
		return []obj{big}
	}
	small := obj{
		"file_id": f.id + "s", "file_unique_id": f.unique + "s", "file_size": min(f.size, 1500),
		"width": max(1, f.width*90/long), "height": max(1, f.height*90/long),
	}
	return []obj{small, big}
}

func (f *file) wire() obj {
	o := obj{"file_id": f.id, "file_unique_id": f.unique, "file_size": f.size}
	if f.name != "" {
		o["file_name"] = f.name
	}
	if f.mime != "" {
		o["mime_type"] = f.mime
	}
	return o
}

// clipFields are the fields beside those of a file that each kind of clip has. What the simulator cannot see in a
// file is as of a short one.
var clipFields = map[string]obj{
	"video": {"width": 640, "height": 360, "duration": 5}, "animation": {"width": 320, "height": 240, "duration": 3},
	"audio": {"duration": 180}, "voice": {"duration": 4}, "video_note": {"length": 240, "duration": 6},
}

// wireClip is the file as a video, a voice message and so on.
func (f *file) wireClip() obj {
	o := f.wire()
	for k, v := range clipFields[f.kind] {
		o[k] = v
	}
	switch f.kind {
	case "video_note":
		delete(o, "file_name")
		delete(o, "mime_type")
	case "voice":
		delete(o, "file_name")
	}
	return o
}

// find also takes the id of the small size.
func (fs *fileStore) find(id string) *file {
	if f := fs.byID[id]; f != nil {
		return f
	}
	return fs.byID[strings.TrimSuffix(id, "s")]
}

// inputFile resolves a file parameter: an upload, attach://name, a file_id or a URL.
// Lock not held; the file is not stored yet when it is an upload.
func (s *Server) inputFile(p *params, key, value, kind string) (*file, *apiError) {
	up, uploaded := p.files[key]
	if name, ok := strings.CutPrefix(value, "attach://"); ok {
		if up, uploaded = p.files[name]; !uploaded {
			return nil, bad("there is no %s in the request", kind)
		}
	}
	switch {
	case uploaded && kind == "photo":
		return newPhoto(up.data)
	case uploaded && len(up.data) == 0:
		return nil, bad("file must be non-empty")
	case uploaded && len(up.data) > maxFileBytes:
		return nil, &apiError{code: 413, desc: "Request Entity Too Large"}
	case uploaded:
		return &file{name: up.name, data: up.data, mime: http.DetectContentType(up.data)}, nil
	case value == "":
		return nil, bad("there is no %s in the request", kind)
	case strings.HasPrefix(value, "http://"), strings.HasPrefix(value, "https://"):
		return nil, bad("failed to get HTTP URL content") // the simulator has no internet
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files.find(value)
	if f == nil {
		return nil, bad("wrong file identifier/HTTP URL specified")
	}
	if f.kind != kind {
		return nil, bad("can't use file of type %s as %s", fileTypes[f.kind], fileTypes[kind])
	}
	return f, nil
}

// fileTypes are Telegram's names of kinds in its errors.
var fileTypes = map[string]string{
	"photo": "Photo", "document": "Document", "video": "Video", "voice": "VoiceNote", "audio": "Audio", "animation": "Animation", "video_note": "VideoNote",
}

// Photo returns the bytes the bot uploaded under a file id, of a photo or a document.
func (s *Server) Photo(fileID string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files.find(fileID)
	if f == nil || f.data == nil {
		return nil, false
	}
	return f.data, true
}

func (s *Server) getFile(p *params) (any, *apiError) {
	id, _ := p.required("file_id")
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files.find(id)
	switch {
	case id == "":
		return nil, bad("file_id not specified")
	case f == nil || f.data == nil:
		return nil, bad("wrong file_id or the file is temporarily unavailable")
	case f.size > maxDownloadBytes:
		return nil, bad("file is too big")
	}
	return obj{"file_id": id, "file_unique_id": f.unique, "file_size": f.size, "file_path": f.path}, nil
}

// serveFile is the download of https://core.telegram.org/bots/api#getfile.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	token, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/file/bot"), "/")
	if token != s.opt.Token {
		writeError(w, &apiError{code: 401, desc: "Unauthorized"})
		return
	}
	s.mu.Lock()
	var data []byte // taken under the lock: the budget may drop it
	if f := s.files.byPath[path]; f != nil {
		data = f.data
	}
	s.mu.Unlock()
	if data == nil {
		writeError(w, &apiError{code: 404, desc: "Not Found"})
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(data)
}
