package sandbox

// member is a ChatMember of the group. Lock held.
func (s *Server) member(id int64) obj {
	switch p, c := s.people[id], s.chats[s.groupID]; {
	case id == s.botID && c.left:
		return obj{"user": s.wireUser(id), "status": "left"}
	case id == s.botID && c.kicked:
		return obj{"user": s.wireUser(id), "status": "kicked", "until_date": 0}
	case id == s.botID && s.group.restricted:
		o := flags(false, restrictedRights...)
		o["user"], o["status"], o["is_member"], o["until_date"] = s.wireUser(id), "restricted", true, 0
		return o
	case id == s.botID && s.opt.Group.Admin:
		rights := []string{"can_delete_messages"}
		if s.group.forum && s.managesTopics() {
			rights = append(rights, "can_manage_topics")
		}
		return s.administrator(id, rights...)
	case id == s.botID:
		return obj{"user": s.wireUser(id), "status": "member"}
	case p != nil && p.Staff && s.staff()[0] == id: // somebody has made the group
		return obj{"user": s.wireUser(id), "status": "creator", "is_anonymous": s.group.anonymous[id]}
	case p != nil && p.Staff && (s.group.anonymous[id] || s.group.admins[id]):
		o := s.administrator(id)
		o["is_anonymous"] = s.group.anonymous[id]
		return o
	case p != nil && p.Staff:
		return obj{"user": s.wireUser(id), "status": "member"}
	}
	return obj{"user": s.wireUser(id), "status": "left"}
}

// administrator is a ChatMemberAdministrator with the rights that are named, beside the one that all have. Lock held.
//
// Source: https://core.telegram.org/bots/api#chatmemberadministrator (read 2026-11).
func (s *Server) administrator(id int64, rights ...string) obj {
	o := flags(false, administratorRights...)
	o["user"], o["status"], o["is_anonymous"], o["can_be_edited"], o["can_manage_chat"] = s.wireUser(id), "administrator", false, false, true
	for _, r := range rights {
		o[r] = true
	}
	if s.group.forum && o["can_manage_topics"] == nil {
		o["can_manage_topics"] = false
	}
	return o
}

// flags are fields that all have the same value.
func flags(value bool, names ...string) obj {
	o := obj{}
	for _, name := range names {
		o[name] = value
	}
	return o
}

var administratorRights = []string{
	"can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
	"can_post_stories", "can_edit_stories", "can_delete_stories", "can_pin_messages",
}

var restrictedRights = []string{
	"can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos", "can_send_video_notes",
	"can_send_voice_notes", "can_send_polls", "can_send_other_messages", "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag",
	"can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics",
}
