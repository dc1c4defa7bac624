package bot_test

import (
	"strings"
	"testing"
	"time"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// What stands behind a word of staff's answer, a link, is lost.
func TestALinkBehindWordsIsKept(t *testing.T) {
	t.Parallel()
	s, ann, _ := talking(t)
	s.Send(ann, "how?")
	s.delivers()
	q := s.copyOf("how?")
	s.Messenger.Inject(map[string]any{"message": map[string]any{
		"message_id": 9001, "date": 1, "chat": map[string]any{"id": groupID, "type": "group"}, "text": "Read this page",
		"entities":         []any{map[string]any{"type": "text_link", "offset": 5, "length": 9, "url": "https://example.com/apn"}},
		"from":             map[string]any{"id": staffID, "is_bot": false, "first_name": "Olga"},
		"reply_to_message": map[string]any{"message_id": q, "date": 1, "chat": map[string]any{"id": groupID, "type": "group"}, "from": map[string]any{"id": s.Messenger.BotID(), "is_bot": true, "first_name": "eSIM Shop"}},
	}})
	s.Pump()
	s.delivers()
	if !strings.Contains(ann.Last().HTML(), "example.com") {
		t.Errorf("Ann reads %q: the link is gone", ann.Last().HTML())
	}
}

func TestKindsThatCannotBeCopiedAreNamedToTheStaff(t *testing.T) {
	t.Parallel()
	for kind, body := range map[string]any{
		"checklist":  map[string]any{"title": "My trip", "tasks": []any{map[string]any{"id": 1, "text": "pay"}}},
		"paid_media": map[string]any{"star_count": 1, "paid_media": []any{map[string]any{"type": "preview"}}},
		"game":       map[string]any{"title": "g", "description": "d", "photo": []any{}},
	} {
		s, ann, olga := talking(t)
		s.Send(ann, "hello")
		s.delivers()
		before, annBefore := olga.Last().ID, ann.Last().ID
		s.Messenger.Inject(map[string]any{"message": map[string]any{
			"message_id": 9001, "date": 1, "chat": map[string]any{"id": annID, "type": "private", "first_name": "Ann"},
			"from": map[string]any{"id": annID, "is_bot": false, "first_name": "Ann"}, kind: body,
		}})
		s.Pump()
		s.delivers()
		if len(said(olga, before)) == 0 {
			t.Errorf("%s sent in an open talk reaches nobody; Ann is shown %.60q", kind, said(ann, annBefore))
		}
		if shown := said(ann, annBefore); len(shown) != 1 || !strings.Contains(shown[0], "cannot see this") || ann.Last().ReplyTo != 9001 {
			t.Errorf("%s: Ann is shown %q, below %d", kind, shown, ann.Last().ReplyTo)
		}
	}
}

// Only what a link can carry is a campaign: what somebody types behind /start makes no line for staff to read.
func TestNoCampaignOfJunk(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	for _, junk := range []string{"c_<script>", "c_весна", "c_-", "c___JP", "c_a'b", "c_a|b"} {
		s.Send(ann, "/start "+junk)
	}
	for _, want := range []int{0, 1} {
		all, err := s.DB.Campaigns(t.Context(), time.Time{}, 10)
		s.Must(err)
		if len(all) != want {
			t.Errorf("campaigns: %+v", all)
		}
		s.Send(ann, "/start c_spring-26__JP")
	}
}
