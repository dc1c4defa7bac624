package telegram

import (
	"strings"
	"time"
)

// An Update is something that happened. At most one of its pointers is set; none is
// when the kind is one that this package does not know.
type Update struct {
	ID            int64
	Message       *Message
	EditedMessage *Message
	Callback      *Callback
	PreCheckout   *PreCheckout
	Inline        *InlineQuery
	MyChatMember  *ChatMemberChange
}

// A User is a person or a bot.
type User struct {
	ID        int64
	IsBot     bool
	FirstName string
	LastName  string
	Username  string // without @; may be empty
	Language  string // as the app reports it ("pt-br"); may be empty

	// Told by Me only.
	InlineMode       bool // switched on in BotFather
	ReadsAllMessages bool // privacy mode is off
}

// A Chat is a conversation.
type Chat struct {
	ID        int64  // negative for groups and channels
	Type      string // "private", "group", "supergroup", "channel"
	Title     string // of a group or channel
	Username  string
	FirstName string // of the other side in a private chat
	Forum     bool   // the group has topics
}

// Private reports whether the chat is with one person.
func (c Chat) Private() bool { return c.Type == "private" }

// A Message is what somebody sent, or what Telegram says happened in the chat.
type Message struct {
	ID   int
	Chat Chat
	From *User     // nil in channels; where SenderChat is set it may be a bot of Telegram's that stands for it
	Date time.Time // zero when the message is no longer accessible

	// SenderChat is who speaks when it is not a person: the group itself for an anonymous
	// administrator, a channel for its posts.
	SenderChat *Chat

	Text    string // empty for media
	Caption string // of media
	Media   Media  // what came instead of text
	FileID  string // of a photo (the largest), a document and the like
	Place   *Place // of a location or a venue
	Album   string // of several messages sent as one; "": it stands alone
	Links   []Link // behind words of Text or Caption
	// Styled: words of it are bold, italic or code, as the bot's own are and those that it passes on are not.
	Styled  bool
	Buttons []string // the callback data of the buttons under it
	// Forwarded: somebody wrote it elsewhere, and whoever it is from passed it on.
	Forwarded bool

	// Command is the text's leading /command in lower case without the slash, and
	// CommandArgs what follows it. CommandBot is the name behind an @, if any:
	// CommandFor looks at all three.
	Command, CommandArgs, CommandBot string

	Payment *SuccessfulPayment
	Refund  *RefundedPayment
	ReplyTo *Message // one level only
	ViaBot  *User    // the bot whose inline result this is

	MigrateTo   int64 // this group has become that supergroup
	MigrateFrom int64 // this supergroup was that group
	Thread      int   // the forum topic; 0 outside topics and in General
	// TopicClosed and TopicOpened: the message says that somebody closed its topic, or opened it again.
	TopicClosed, TopicOpened bool
	Joined                   []User
	Left                     *User
}

// A Place is a point on earth, in degrees.
type Place struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// Anonymous reports whether an administrator of the group wrote this without a name: there
// is nobody whom a right could be asked for.
func (m *Message) Anonymous() bool {
	return m.SenderChat != nil && m.SenderChat.ID == m.Chat.ID && !m.Chat.Private()
}

// Answers reports whether the message is a reply to one of that user's or bot's.
func (m *Message) Answers(user int64) bool {
	return m.ReplyTo != nil && m.ReplyTo.From != nil && m.ReplyTo.From.ID == user && m.ReplyTo.SenderChat == nil
}

// CommandFor returns the command and its arguments if the message has one that is
// meant for the bot of that name: "/start" or "/start@name", whatever the case.
// Otherwise the command is empty.
func (m *Message) CommandFor(username string) (command, args string) {
	if m.CommandBot != "" && !strings.EqualFold(m.CommandBot, username) {
		return "", ""
	}
	return m.Command, m.CommandArgs
}

// A Link is an address behind words of a text, which do not show it.
type Link struct {
	Offset, Length int // of the words, in UTF-16 code units
	URL            string
}

// Media is the kind of a message's content other than text.
type Media string

// The kinds of content that messages have.
const (
	NoMedia        Media = "" // text, or a service message
	MediaPhoto     Media = "photo"
	MediaDocument  Media = "document"
	MediaVideo     Media = "video"
	MediaVoice     Media = "voice"
	MediaAudio     Media = "audio"
	MediaSticker   Media = "sticker"
	MediaAnimation Media = "animation"
	MediaVideoNote Media = "video_note"
	MediaContact   Media = "contact"
	MediaLocation  Media = "location"
	MediaVenue     Media = "venue"
	MediaPoll      Media = "poll"
	MediaDice      Media = "dice"
	MediaStory     Media = "story"
	MediaChecklist Media = "checklist"
	MediaPaid      Media = "paid_media"
	MediaGame      Media = "game"
	MediaGiveaway  Media = "giveaway"
)

// A Callback is a press on a button. It waits for AnswerCallback.
type Callback struct {
	ID              string
	From            User
	Message         *Message // nil under an inline result
	InlineMessageID string   // set under an inline result
	Data            string   // whatever the client sent: not necessarily a button of ours
}

// A PreCheckout asks whether a payment may go on. It waits for AnswerPreCheckout, for
// ten seconds from when Telegram sent it.
type PreCheckout struct {
	ID       string
	From     User
	Currency string
	Amount   int64 // in the currency's smallest unit; whole Stars for XTR
	Payload  string
}

// A SuccessfulPayment is the only proof that money moved.
type SuccessfulPayment struct {
	Currency         string
	Amount           int64 // in the currency's smallest unit; whole Stars for XTR
	Payload          string
	ChargeID         string // Telegram's; unique, and what a refund needs
	ProviderChargeID string // the payment provider's, by which it finds and refunds the payment; says nothing for Stars
}

// A RefundedPayment says that a payment went back to the payer.
type RefundedPayment struct {
	Currency string
	Amount   int64
	Payload  string
	ChargeID string
}

// An InlineQuery is what somebody types behind the bot's name in any chat.
type InlineQuery struct {
	ID       string
	From     User
	Query    string
	Offset   string // what AnswerInline gave as NextOffset
	ChatType string
}

// A ChatMemberChange says what became of the bot itself in a chat.
type ChatMemberChange struct {
	Chat     Chat
	From     User // who did it
	Date     time.Time
	Old, New string // "member", "administrator", "restricted", "left", "kicked", "creator"
	IsMember bool   // the bot is in the chat now; in a private chat: not blocked
	Topics   bool   // the bot may manage topics
}
