package sandbox

import (
	"embed"
	"net/http"
	"strings"
)

//go:embed page
var pageFiles embed.FS

const pageRoot = "/_page/"

// pageKinds are the types of the page's files, by ending.
var pageKinds = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

// servesPage answers a browser that wants the page or one of its files; false if r is no such call.
// The page is only a face of the control API.
func (s *Sandbox) servesPage(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	name, ok := strings.CutPrefix(r.URL.Path, pageRoot)
	switch {
	case r.URL.Path == "/":
		name = "index.html"
	case r.URL.Path == "/favicon.ico":
		name = "icon.svg"
	case !ok:
		return false
	}
	raw, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		http.NotFound(w, r)
		return true
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache")
	answer{http.StatusOK, pageKinds[name[strings.LastIndex(name, "."):]], raw}.write(w)
	return true
}
