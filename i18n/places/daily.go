package places

// dailyInWords reads an amount of each day that is said without digits, at the unit: "a gig a day", "по гигу в день".
func (r *reading) dailyInWords(i int) bool {
	v := r.x.words
	kind := v.units[r.tokens[i].text]
	if kind != "gb" && kind != "mb" || r.Bytes > 0 {
		return false
	}
	from, n := i, 1.0
	for size := min(3, i); size > 0 && from == i; size-- {
		if said, ok := v.numbers[words(r.tokens[i-size:i])]; ok {
			from, n = i-size, said
		}
	}
	behind := 0
	if i+1 < len(r.tokens) {
		behind = v.kinds["daily"].at(r.tokens[i+1:])
	}
	before := 0
	for size := min(longestDaily, from); size > 0 && before == 0; size-- {
		if v.kinds["daily"].at(r.tokens[from-size:from]) == size {
			before = size
		}
	}
	if behind+before == 0 {
		return false
	}
	r.daily = true
	r.count(kind, n)
	r.explain(from-before, before+i-from+1+behind, roleSize)
	return true
}

// longestDaily in words: "every single day".
const longestDaily = 3
