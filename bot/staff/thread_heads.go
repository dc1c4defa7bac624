package staff

import (
	"context"
	"sync"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// head sends the head card of a thread, and remembers where it stands.
func (f *threads) head(ctx context.Context, t esim.SupportThread, chat int64, topic int) (int, error) {
	screen, err := f.card(ctx, t)
	if err != nil {
		return 0, err
	}
	id, err := f.home.screens.Put(ctx, screen, ui.ScreenTarget{Chat: chat, Thread: topic})
	if err != nil {
		return 0, err
	}
	f.heads.stands(t.ID, id, topic)
	return id, f.store.SetThreadHead(ctx, t.ID, chat, id)
}

// headTopics are the topics in which head cards stand that this run of the program sent.
type headTopics struct {
	mu sync.Mutex
	of map[esim.ThreadID]headTopic
}

type headTopic struct{ head, topic int }

func (h *headTopics) stands(id esim.ThreadID, head, topic int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.of == nil {
		h.of = map[esim.ThreadID]headTopic{}
	}
	h.of[id] = headTopic{head, topic}
}

// elsewhere reports whether the head card of a thread stands in another topic. Of one that an earlier run sent it is
// taken to be where words were refused.
func (h *headTopics) elsewhere(t esim.SupportThread, topic int, refused bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if is, known := h.of[t.ID]; known && is.head == t.Head {
		return is.topic != topic
	}
	return refused
}
