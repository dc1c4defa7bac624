package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// A doc comment begins with the name it documents. After a rename one that still begins with the
// old name sends its reader looking for something that is not there.
func TestDocCommentsBeginWithTheirNames(t *testing.T) {
	root := filepath.Join("..", "..")
	n := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for name, doc := range documented(file) {
			n++
			if !beginsWith(doc.Text(), name.Name) {
				t.Errorf("%s: the comment on %s begins %.40q", set.Position(doc.Pos()), name.Name, doc.Text())
			}
		}
		return nil
	})
	if err != nil || n < 1000 {
		t.Fatalf("%d comments: %v", n, err)
	}
	if beginsWith("Perch returns a fish.", "Pike") || !beginsWith("A Pike is a fish.", "Pike") {
		t.Error("any comment will do")
	}
}

// documented are the functions, methods and types of a file with their comments.
func documented(file *ast.File) map[*ast.Ident]*ast.CommentGroup {
	out := map[*ast.Ident]*ast.CommentGroup{}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Doc != nil {
				out[d.Name] = d.Doc
			}
		case *ast.GenDecl:
			if d.Tok == token.TYPE && !d.Lparen.IsValid() && d.Doc != nil {
				out[d.Specs[0].(*ast.TypeSpec).Name] = d.Doc
			}
		}
	}
	return out
}

func beginsWith(doc, name string) bool {
	for _, article := range []string{"", "A ", "An ", "The "} {
		if rest, ok := strings.CutPrefix(doc, article+name); ok && (rest == "" || strings.ContainsAny(rest[:1], " ,:;.'\n(")) {
			return true
		}
	}
	return false
}
