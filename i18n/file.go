package i18n

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"esimbot/i18n/places"
)

// A localeFile is one language's sentence file. Where its members stand is looked up when the first of them is asked
// for, and a sentence is read when it is first said: of the languages few are spoken in a day, and every start of
// the program would wait for all of them.
type localeFile struct {
	name    string // "locales/ru.json"
	tag     language.Tag
	files   fs.FS
	members func() ([]member, error) // sorted by hash
	// places is the file's part of that name.
	places func() (places.Language, error)
	said   sync.Map // key → forms of sentences, nil where there is none
}

// A member stands somewhere in a file, with its key.
type member struct {
	hash     uint64 // of the key
	from, to int
}

func newLocaleFile(files fs.FS, name string) *localeFile {
	f := &localeFile{name: name, tag: language.Make(strings.TrimSuffix(path.Base(name), path.Ext(name))), files: files}
	f.members = sync.OnceValues(func() ([]member, error) {
		scratch := scratches.Get().(*[]byte)
		defer scratches.Put(scratch)
		raw, err := f.part(0, -1, *scratch)
		if err != nil {
			return nil, err
		}
		*scratch = raw
		return members(raw)
	})
	f.places = sync.OnceValues(f.readPlaces)
	return f
}

// scratches are for whole files: they are looked through once, most of them one after the other.
var scratches = sync.Pool{New: func() any { return new([]byte) }}

// part reads some of the file into a buffer, if that is long enough; up to -1: all of it.
func (f *localeFile) part(from, to int, buffer []byte) ([]byte, error) {
	file, err := f.files.Open(f.name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if to < 0 {
		info, err := file.Stat()
		if err != nil {
			return nil, err
		}
		to = int(info.Size())
	}
	at, ok := file.(io.ReaderAt)
	if !ok {
		return nil, fmt.Errorf("%s cannot be read in parts", f.name)
	}
	buffer = slices.Grow(buffer[:0], to-from)[:to-from]
	_, err = at.ReadAt(buffer, int64(from))
	if err == io.EOF {
		err = nil // with the last byte
	}
	return buffer, err
}

var seed = maphash.MakeSeed()

// value is a member of the file as it stands there; nil if there is none of this key.
func (f *localeFile) value(key string) ([]byte, error) {
	m, err := f.find(key)
	if err != nil || m == nil {
		return nil, err
	}
	raw, err := f.part(m.from, m.to, nil)
	if err != nil {
		return nil, err
	}
	return cutKey(raw), nil
}

// find is where the member of a key stands; nil if there is none.
func (f *localeFile) find(key string) (*member, error) {
	all, err := f.members()
	if err != nil {
		return nil, err
	}
	hash := maphash.String(seed, key)
	i, found := slices.BinarySearchFunc(all, hash, func(m member, hash uint64) int { return cmp.Compare(m.hash, hash) })
	if !found {
		return nil, nil
	}
	return &all[i], nil
}

// cutKey leaves the value of a member.
func cutKey(raw []byte) []byte { return raw[skipSpace(raw, skipSpace(raw, valueEnd(raw, 0))+1):] }

// sentence is what the file says under a key, by plural forms; nil if it says nothing.
func (f *localeFile) sentence(key string) map[string]sentence {
	if known, ok := f.said.Load(key); ok {
		return known.(map[string]sentence)
	}
	s, _ := f.read(key) // check reports what is wrong with it
	f.said.Store(key, s)
	return s
}

func (f *localeFile) read(key string) (map[string]sentence, error) {
	if key == placesPart || key == advicePart {
		return nil, nil
	}
	raw, err := f.value(key)
	if err != nil || raw == nil {
		return nil, err
	}
	return readSentence(raw)
}

// readSentence reads the value of a member by plural forms.
func readSentence(raw []byte) (map[string]sentence, error) {
	if text, ok := unquote(raw); ok {
		s, err := compile(text)
		if err != nil || text == "" {
			return nil, err
		}
		return map[string]sentence{"other": s}, nil
	}
	var said any
	if err := json.Unmarshal(raw, &said); err != nil {
		return nil, err
	}
	m, err := message(said)
	if err != nil {
		return nil, err
	}
	var out map[string]sentence
	for form, text := range forms(m) {
		s, err := compile(text)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = map[string]sentence{}
		}
		out[form] = s
	}
	return out, nil
}

func (f *localeFile) readPlaces() (places.Language, error) {
	words := places.Language{Code: f.tag.String()}
	raw, err := f.value(placesPart)
	if err != nil {
		return words, fmt.Errorf("parse %s: %w", f.name, err)
	}
	if raw != nil {
		if err := json.Unmarshal(raw, &words); err != nil {
			return words, fmt.Errorf("parse %s: %s: %w", f.name, placesPart, err)
		}
	}
	return words, nil
}

// check reads all of the file, so that a broken placeholder is found by a test and not on a customer's screen.
func (f *localeFile) check() error {
	var whole map[string]json.RawMessage
	all, err := f.part(0, -1, nil)
	if err == nil {
		err = json.Unmarshal(all, &whole)
	}
	if err != nil {
		return fmt.Errorf("parse %s: %w", f.name, err)
	}
	for key, raw := range whole {
		m, err := f.find(key)
		if err != nil || m == nil || !bytes.Equal(bytes.TrimSpace(raw), cutKey(all[m.from:m.to])) {
			return fmt.Errorf("%s: %s: is not read as it stands there: %w", f.name, key, err)
		}
		if key == placesPart || key == advicePart {
			continue
		}
		if _, err := readSentence(raw); err != nil {
			return fmt.Errorf("%s: %s: %w", f.name, key, err)
		}
	}
	if _, err := f.places(); err != nil {
		return err
	}
	if _, err := counter(f.tag); err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	return nil
}

// unquote reads a text of JSON that Go would write alike, as nearly all are; ok is false for all others.
func unquote(raw []byte) (text string, ok bool) {
	if len(raw) < 2 || raw[0] != '"' || !utf8.Valid(raw) {
		return "", false
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), true
	}
	if bytes.Contains(raw, []byte(`\u`)) {
		return "", false // of two of them one letter may be made
	}
	text, err := strconv.Unquote(string(raw))
	return text, err == nil
}

// message is a sentence, or the forms of one that counts.
func message(said any) (*goi18n.Message, error) {
	if text, ok := said.(string); ok {
		return &goi18n.Message{Other: text}, nil
	}
	m, err := goi18n.NewMessage(said)
	if err != nil {
		return nil, err
	}
	if all, ok := said.(map[string]any); !ok || len(forms(m)) != len(all) {
		return nil, fmt.Errorf("not all of it are plural forms: %v", said)
	}
	return m, nil
}

// counter returns what names CLDR's plural form of a number in a language: go-i18n knows the rules, and is given a
// message that says each form's name.
func counter(tag language.Tag) (func(n int) string, error) {
	b := goi18n.NewBundle(tag)
	err := b.AddMessages(tag, &goi18n.Message{ID: "form", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: "other"})
	if err != nil {
		return nil, err
	}
	l := goi18n.NewLocalizer(b, tag.String())
	return func(n int) string {
		form, _ := l.Localize(&goi18n.LocalizeConfig{MessageID: "form", PluralCount: n})
		return form
	}, nil
}

// members finds the members of a JSON object, and looks into none of them. Of two with one key the last counts.
func members(raw []byte) ([]member, error) {
	out := make([]member, 0, bytes.Count(raw, []byte("\n")))
	at := skipSpace(raw, 0)
	if at == len(raw) || raw[at] != '{' {
		return nil, errNoObject
	}
	for at = skipSpace(raw, at+1); at < len(raw) && raw[at] == '"'; at = skipSpace(raw, at+1) {
		from, end := at, valueEnd(raw, at)
		key := raw[at+1 : max(end-1, at+1)]
		if bytes.IndexByte(key, '\\') >= 0 {
			var plain string
			if err := json.Unmarshal(raw[at:end], &plain); err != nil {
				return nil, err
			}
			key = []byte(plain)
		}
		if at = skipSpace(raw, end); at == len(raw) || raw[at] != ':' {
			return nil, errNoObject
		}
		end = valueEnd(raw, skipSpace(raw, at+1))
		out = append(out, member{maphash.Bytes(seed, key), from, from + len(bytes.TrimSpace(raw[from:end]))})
		if at = skipSpace(raw, end); at == len(raw) || raw[at] != ',' {
			break
		}
	}
	if at == len(raw) || raw[at] != '}' {
		return nil, errNoObject
	}
	slices.SortFunc(out, func(a, b member) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(b.from, a.from)) })
	return out, nil
}

var errNoObject = errors.New("the file is no JSON object")

func skipSpace(raw []byte, at int) int {
	for at < len(raw) && (raw[at] == ' ' || raw[at] == '\n' || raw[at] == '\t' || raw[at] == '\r') {
		at++
	}
	return at
}

// valueEnd is where the value ends that begins at a place.
func valueEnd(raw []byte, at int) int {
	for depth := 0; at < len(raw); at++ {
		switch raw[at] {
		case '"':
			for at++; at < len(raw); at++ {
				n := bytes.IndexByte(raw[at:], '"')
				if n < 0 {
					return len(raw)
				}
				before := at
				at += n
				escapes := 0
				for at-escapes > before && raw[at-escapes-1] == '\\' {
					escapes++
				}
				if escapes%2 == 0 {
					break
				}
			}
			if depth == 0 {
				return min(at+1, len(raw))
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			} else if depth < 0 {
				return at
			}
		case ',':
			if depth == 0 {
				return at
			}
		}
	}
	return len(raw)
}
