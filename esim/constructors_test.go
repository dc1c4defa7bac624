package esim

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestOnlyConstructorsMake looks through the whole program for notifications and moves
// written by hand: those would have a key of their own, or forget the books.
func TestOnlyConstructorsMake(t *testing.T) {
	t.Parallel()
	makers := map[string]string{"Notification": "esim/notify", "Transition": "esim/transition.go"}
	made := map[string]int{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		at := filepath.ToSlash(strings.TrimPrefix(path, ".."+string(filepath.Separator)))
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok || len(lit.Elts) == 0 {
				return true
			}
			name := ""
			switch typ := lit.Type.(type) {
			case *ast.Ident: // of this package
				if strings.HasPrefix(at, "esim/") && strings.Count(at, "/") == 1 {
					name = typ.Name
				}
			case *ast.SelectorExpr:
				if pkg, ok := typ.X.(*ast.Ident); ok && pkg.Name == "esim" {
					name = typ.Sel.Name
				}
			case *ast.ArrayType: // its elements may leave the type out
				var elem string
				switch e := typ.Elt.(type) {
				case *ast.Ident:
					elem = e.Name
				case *ast.SelectorExpr:
					elem = e.Sel.Name
				}
				for _, e := range lit.Elts {
					if inner, ok := e.(*ast.CompositeLit); ok && inner.Type == nil && makers[elem] != "" {
						t.Errorf("%s: a %s by hand", fset.Position(inner.Pos()), elem)
					}
				}
			}
			switch maker := makers[name]; {
			case maker == "":
			case strings.HasPrefix(at, maker): // notify.go, notify_thread.go
				made[name]++
			default:
				t.Errorf("%s: a %s by hand; %s has the constructors", fset.Position(lit.Pos()), name, maker)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, maker := range makers {
		if made[name] == 0 {
			t.Errorf("%s makes no %s: this test looks in the wrong place", maker, name)
		}
	}
}
