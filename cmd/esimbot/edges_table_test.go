package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestEachEdgeOfThePromiseIsHeldByATest reads the table of the README: its cases are numbered from 1 to 22,
// and each names tests that exist.
func TestEachEdgeOfThePromiseIsHeldByATest(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), "## The promise at its edges\n")
	if !found {
		t.Fatal("the table is gone")
	}
	table, _, _ = strings.Cut(table, "\n## ")
	line := regexp.MustCompile(`(?m)^\| (\d+) \|.*$`)
	name := regexp.MustCompile("`([a-z/]+)\\.(Test\\w+)`")
	known := map[string]map[string]bool{}
	cases := line.FindAllStringSubmatch(table, -1)
	for i, c := range cases {
		if c[1] != strconv.Itoa(i+1) {
			t.Errorf("line %d is of case %s", i+1, c[1])
		}
		held := name.FindAllStringSubmatch(c[0], -1)
		if len(held) == 0 {
			t.Errorf("case %s is held by nothing", c[1])
		}
		for _, n := range held {
			if known[n[1]] == nil {
				known[n[1]] = testsIn(t, filepath.Join("..", "..", filepath.FromSlash(n[1])))
			}
			if !known[n[1]][n[2]] {
				t.Errorf("case %s: there is no %s in %s", c[1], n[2], n[1])
			}
		}
	}
	if len(cases) != 22 {
		t.Errorf("%d cases, want 22", len(cases))
	}
}

// testsIn are the names of the tests in a folder.
func testsIn(t *testing.T, dir string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") {
				names[fn.Name.Name] = true
			}
		}
	}
	return names
}
