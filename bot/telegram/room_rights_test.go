package telegram

import "testing"

// What the simulator has no switch for: rights that were taken or left one by one.
func TestRoomReadsRightsOneByOne(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, chat, member string
		want               bool // to write
	}{
		{"restricted, but not from writing", `{"id":-5,"type":"supergroup"}`, `{"status":"restricted","is_member":true,"can_send_messages":true}`, true},
		{"restricted and gone", `{"id":-5,"type":"supergroup"}`, `{"status":"restricted","is_member":false,"can_send_messages":true}`, false},
		{"a group that says nothing of rights", `{"id":-5,"type":"group"}`, `{"status":"member"}`, true},
		{"an administrator of a channel without posting", `{"id":-5,"type":"channel"}`, `{"status":"administrator"}`, false},
		{"a reader of a channel", `{"id":-5,"type":"channel"}`, `{"status":"member"}`, false},
		{"gone", `{"id":-5,"type":"supergroup","permissions":{"can_send_messages":true}}`, `{"status":"left"}`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t)
			c, _ := dial(t, s)
			s.next("getChat", ok200(tt.chat))
			s.next("getChatMember", ok200(tt.member))
			room, err := c.GroupRights(t.Context(), -5)
			if err != nil || room.CanWrite != tt.want || room.Public {
				t.Errorf("%+v, %v", room, err)
			}
			if s.last("getChatMember")["user_id"] != "123456789" {
				t.Errorf("asked about %s, not the bot", s.last("getChatMember")["user_id"])
			}
		})
	}
	s := newServer(t)
	c, _ := dial(t, s)
	s.next("getChat", ok200(`{"id":-5,"type":"supergroup","active_usernames":["shop"]}`))
	s.next("getChatMember", ok200(`{"status":"member"}`))
	if room, err := c.GroupRights(t.Context(), -5); err != nil || !room.Public {
		t.Errorf("%+v, %v", room, err)
	}
}
