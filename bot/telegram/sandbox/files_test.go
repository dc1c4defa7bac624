package sandbox

import (
	"bytes"
	"image"
	"testing"
)

// Whatever a bot uploads is refused in Telegram's words or is a picture that the page can show.
func FuzzNewPhoto(f *testing.F) {
	for _, seed := range []string{"", "no picture", "\x89PNG\r\n\x1a\n", "GIF89a", "\xff\xd8\xff"} {
		f.Add([]byte(seed))
	}
	f.Add(picture(f, 40, 30))
	f.Fuzz(func(t *testing.T, data []byte) {
		photo, err := newPhoto(data)
		if err != nil {
			return
		}
		if photo.width < 1 || photo.height < 1 || !bytes.Equal(photo.data, data) {
			t.Errorf("taken as %d x %d", photo.width, photo.height)
		}
		if _, _, err := image.DecodeConfig(bytes.NewReader(data)); err != nil {
			t.Errorf("taken: %v", err)
		}
	})
}
