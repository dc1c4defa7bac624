package shop

import (
	"context"
	"fmt"
)

// Works are all that the program runs beside updates, by their names.
func (a *App) Works() map[string]func(ctx context.Context) error {
	works := map[string]func(context.Context) error{}
	add := func(name string, run func(context.Context) error) {
		if works[name] != nil {
			panic(fmt.Sprintf("two are called %q", name))
		}
		works[name] = run
	}
	for _, w := range append(a.allWorkers(func(error) {}), a.registrar) {
		if w != nil {
			add(w.Name, func(ctx context.Context) error { _, err := w.run(ctx); return err })
		}
	}
	for _, job := range a.table("@every 30m") {
		add("job "+job.Name, job.Run)
	}
	return works
}
