package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A comment that names "Order.TxID" or "esim.LeaveOrder" after a rename sends its reader looking for
// something that is not there.
func TestCommentsNameWhatIsThere(t *testing.T) {
	names := namesOfPackages(t)
	n := 0
	for dir, p := range names {
		for _, file := range p.files {
			for _, g := range file.Comments {
				for _, m := range linked.FindAllStringSubmatch(g.Text(), -1) {
					if !p.top[m[1]] {
						t.Errorf("%s: a comment links to %s, which is not there", p.set.Position(g.Pos()), m[0])
					}
				}
				for _, m := range qualified.FindAllStringSubmatch(g.Text(), -1) {
					n++
					if gone(names, dir, file, m[1], m[2]) {
						t.Errorf("%s: a comment names %s, which is not there", p.set.Position(g.Pos()), m[0])
					}
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("%d names", n)
	}
}

var (
	qualified = regexp.MustCompile(`\b([A-Za-z]\w*)\.([A-Z]\w*)\b`)
	linked    = regexp.MustCompile(`\[\*?([A-Z]\w*)\]`)
)

// packageNames are the names that a package declares, with the fields and methods of its types; of a type
// that embeds others, or that is made of another one, the members are not known: nil.
type packageNames struct {
	set     *token.FileSet
	files   []*ast.File
	top     map[string]bool
	members map[string]map[string]bool
}

// gone reports whether name.member is one of ours that does not exist. What is not known is there.
func gone(names map[string]*packageNames, dir string, file *ast.File, name, member string) bool {
	if of := names[dir].members[name]; of != nil {
		return !of[member]
	}
	for _, imported := range file.Imports {
		path := strings.Trim(imported.Path.Value, `"`)
		own, ok := strings.CutPrefix(path, "esimbot/")
		if !ok || imported.Name != nil || filepath.Base(path) != name {
			continue
		}
		if p := names[filepath.FromSlash(own)]; p != nil && !p.top[member] {
			return true
		}
	}
	return false
}

func namesOfPackages(t *testing.T) map[string]*packageNames {
	t.Helper()
	root := filepath.Join("..", "..")
	out := map[string]*packageNames{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		p := out[dir]
		if p == nil {
			p = &packageNames{set: token.NewFileSet(), top: map[string]bool{}, members: map[string]map[string]bool{}}
			out[dir] = p
		}
		file, err := parser.ParseFile(p.set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		p.files = append(p.files, file)
		for _, decl := range file.Decls {
			p.add(decl)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range out { // methods come before and after their types
		for _, file := range p.files {
			for _, decl := range file.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && f.Recv != nil {
					if of := p.members[receiver(f)]; of != nil {
						of[f.Name.Name] = true
					}
				}
			}
		}
	}
	return out
}

// add notes what a declaration declares, but for methods.
func (p *packageNames) add(decl ast.Decl) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			p.top[d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range s.Names {
					p.top[name.Name] = true
				}
			case *ast.TypeSpec:
				p.top[s.Name.Name] = true
				p.members[s.Name.Name] = membersOf(s.Type)
			}
		}
	}
}

// membersOf are the fields or methods of a type; nil if others are promoted to it.
func membersOf(t ast.Expr) map[string]bool {
	var list *ast.FieldList
	switch t := t.(type) {
	case *ast.StructType:
		list = t.Fields
	case *ast.InterfaceType:
		list = t.Methods
	case *ast.Ident:
		if types.Universe.Lookup(t.Name) == nil {
			return nil
		}
		return map[string]bool{}
	case *ast.MapType, *ast.ArrayType, *ast.FuncType:
		return map[string]bool{}
	default:
		return nil
	}
	out := map[string]bool{}
	for _, f := range list.List {
		if len(f.Names) == 0 {
			return nil
		}
		for _, name := range f.Names {
			out[name.Name] = true
		}
	}
	return out
}

// receiver is the name of the type that a method is of.
func receiver(f *ast.FuncDecl) string {
	t := f.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	if g, ok := t.(*ast.IndexExpr); ok {
		t = g.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}
