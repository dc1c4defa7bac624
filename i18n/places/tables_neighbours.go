package places

import "strings"

// addState adds a state or province with its abbreviation, which counts behind a town only.
func (g *Gazetteer) addState(b *indexBuilder, row []string) error {
	add := func(name string) { b.add(name, hit{code: row[0], city: row[1], loss: city, state: true}) }
	add(row[1])
	for _, l := range g.languages {
		add(l.Cities[row[1]])
	}
	for name := range strings.SplitSeq(row[3], "|") {
		add(name)
	}
	g.abbreviations[fold(row[2])] = row[0]
	return g.check(row[0])
}

// addRather adds a code of a country that people type for a town.
func (g *Gazetteer) addRather(row []string) error {
	g.rather[fold(row[0])] = hit{code: row[1], city: row[2], loss: city}
	return g.check(row[1])
}

func (g *Gazetteer) addNamesake(row []string) error {
	for code := range strings.SplitSeq(row[1], "|") {
		code, far := strings.CutSuffix(code, "-")
		if far {
			g.farther[fold(row[0])] = true
		}
		code, anywhere := strings.CutSuffix(code, "+")
		if anywhere {
			g.anywhere[fold(row[0])] = true
		}
		code, state := strings.CutSuffix(code, "*")
		if state {
			g.stateNames[fold(row[0])] = code
		}
		if err := g.check(code); err != nil {
			return err
		}
		g.namesakes[fold(row[0])] = append(g.namesakes[fold(row[0])], code)
	}
	return nil
}

func (g *Gazetteer) addServing(row []string) error {
	codes, near := strings.CutSuffix(row[1], "*")
	g.serving[row[0]], g.nearOnly[row[0]] = strings.Split(codes, "|"), near
	for _, code := range append(g.serving[row[0]], row[0]) {
		if err := g.check(code); err != nil {
			return err
		}
	}
	return nil
}

func (g *Gazetteer) addNeighbours(row []string) error {
	for code := range strings.FieldsSeq(row[1]) {
		g.borders[row[0]] = append(g.borders[row[0]], code)
		g.borders[code] = append(g.borders[code], row[0])
		if err := g.check(code); err != nil {
			return err
		}
	}
	return g.check(row[0])
}
