package staff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
)

// A topic is where in the group a kind of message goes, if the group is a forum.
type topic string

// The topics. Their names are in the database and, as staff.topic_NAME, in the group's language.
const (
	topicOrders  topic = "orders"
	topicSupport topic = "support" // of customers who cannot have one of their own
	topicAlerts  topic = "alerts"
	topicReports topic = "reports"
)

var allTopics = []topic{topicOrders, topicSupport, topicAlerts, topicReports}

const (
	settingTopics = "staff_topics" // which topics there are, as JSON
	// topicsAgain is how long no topic is tried to be made after that failed, unless the bot is given the right.
	topicsAgain = time.Hour
)

// CustomerTopicStore knows which customer has which topic in the group.
type CustomerTopicStore interface {
	// CustomerTopic returns the topic of a customer; 0: none.
	CustomerTopic(ctx context.Context, customer esim.CustomerID, chat int64) (int, error)
	// SetCustomerTopic notes it, or that there is none any more. The open thread gets a new head card.
	SetCustomerTopic(ctx context.Context, customer esim.CustomerID, chat int64, topic int) error
	// ThreadOfTopic returns the open thread of whose topic it is, else their newest one; one with a Customer alone if they
	// have none any more. ErrNotFound: it is no customer's topic.
	ThreadOfTopic(ctx context.Context, chat int64, topic int) (esim.SupportThread, error)
}

// topics are those of the group. Whatever is wrong with one, what is to be said is said in General.
type topics struct {
	home     *home
	telegram *telegram.Client
	store    CustomerTopicStore
	now      func() time.Time

	mu    sync.Mutex // held while topics are made: each is made once
	known *knownTopics

	learned sync.Mutex
	forum   bool      // as far as is known
	after   time.Time // when one may be tried to be made again
}

// knownTopics are what is in the database of them.
type knownTopics struct {
	Chat int64         `json:"chat"`
	IDs  map[topic]int `json:"ids"`
	Told bool          `json:"told"` // that topics cannot be made
}

// A place is somewhere in the group: one of its topics, or a customer's own.
type place struct {
	topic    topic
	customer esim.Customer // zero: nobody's
}

// learn takes in what a message or a call said of the group: whether it is a forum.
func (f *topics) learn(c telegram.Chat) {
	if !f.home.is(c.ID) {
		return
	}
	f.learned.Lock()
	defer f.learned.Unlock()
	if c.Forum && !f.forum {
		f.after = time.Time{}
	}
	f.forum = c.Forum
}

// mayMake reports whether a topic is worth trying to be made.
func (f *topics) mayMake() bool {
	f.learned.Lock()
	defer f.learned.Unlock()
	return f.forum && !f.now().Before(f.after)
}

// again says from when on one may be tried to be made again.
func (f *topics) again(at time.Time) {
	f.learned.Lock()
	defer f.learned.Unlock()
	f.after = at
}

// look asks Telegram whether the group is a forum.
func (f *topics) look(ctx context.Context) error {
	c, err := f.telegram.Chat(ctx, f.home.chat())
	if err != nil {
		return fmt.Errorf("has the staff group topics: %w", err)
	}
	f.learn(c)
	return nil
}

// allowed takes in that the bot may manage topics from now on.
func (f *topics) allowed(ctx context.Context) error {
	f.again(time.Time{})
	f.mu.Lock()
	defer f.mu.Unlock()
	k, err := f.read(ctx, f.home.chat())
	if err != nil || !k.Told {
		return err
	}
	k.Told = false
	return f.write(ctx, k)
}

// in sends something to a place in the group. A topic that was deleted is made anew; where none can be made, or it is
// closed to the bot, it goes to General, and if that is closed too to whichever topic is open.
func (f *topics) in(ctx context.Context, chat int64, p place, send func(thread int) error) error {
	thread, err := f.thread(ctx, chat, p)
	if err != nil {
		return err
	}
	err = send(thread)
	if thread != 0 && telegram.TopicGone(err) {
		f.learn(telegram.Chat{ID: chat, Forum: true}) // it was one; if it is none any more, it says so
		for _, p := range []place{p, {topic: p.topic}} {
			if err := f.forget(ctx, chat, p, thread); err != nil {
				return err
			}
		}
		if thread, err = f.thread(ctx, chat, p); err != nil {
			return err
		}
		err = send(thread)
	}
	if !telegram.TopicGone(err) && !telegram.TopicClosed(err) {
		return err
	}
	others, failed := f.others(ctx, chat, p, thread)
	if failed != nil {
		return failed
	}
	for _, thread := range others {
		if err = send(thread); !telegram.TopicGone(err) && !telegram.TopicClosed(err) {
			return err
		}
	}
	return err
}

// others is where else something can be said that belongs in a place: where its like is, in General, and then anywhere.
func (f *topics) others(ctx context.Context, chat int64, p place, not int) (all []int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k, err := f.read(ctx, chat)
	if err != nil {
		return nil, err
	}
	if p.customer.ID != 0 && k.IDs[p.topic] != 0 {
		all = append(all, k.IDs[p.topic])
	}
	all = append(all, 0)
	for _, t := range allTopics {
		if k.IDs[t] != 0 && !slices.Contains(all, k.IDs[t]) {
			all = append(all, k.IDs[t])
		}
	}
	return slices.DeleteFunc(all, func(thread int) bool { return thread == not }), nil
}

// thread is where a place is, which is made if it can be; 0: General. Who can have no topic of their own has that of all.
func (f *topics) thread(ctx context.Context, chat int64, p place) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	thread, err := f.at(ctx, chat, p)
	if err != nil || thread != 0 {
		return thread, err
	}
	made := f.mayMake()
	for _, t := range allTopics { // the first that is asked for brings the others along
		if made && err == nil {
			made, err = f.make(ctx, chat, place{topic: t})
		}
	}
	if made && err == nil {
		_, err = f.make(ctx, chat, p)
	}
	if err != nil {
		return 0, err
	}
	if thread, err = f.at(ctx, chat, p); thread == 0 && err == nil && p.customer.ID != 0 {
		thread, err = f.at(ctx, chat, place{topic: p.topic})
	}
	return thread, err
}

// make makes a topic that is not there yet; false: it cannot be made, and staff know. Lock held.
func (f *topics) make(ctx context.Context, chat int64, p place) (bool, error) {
	thread, err := f.at(ctx, chat, p)
	if err != nil || thread != 0 {
		return thread != 0, err
	}
	thread, err = f.telegram.CreateTopic(ctx, chat, f.name(ctx, p))
	if _, moved := telegram.MigratedTo(err); moved || telegram.Temporary(err) || telegram.Unreachable(err) || ctx.Err() != nil {
		return false, err
	}
	if err != nil {
		return false, f.refused(ctx, chat, err)
	}
	return true, f.put(ctx, chat, p, thread)
}

// refused takes in that no topic can be made, and tells staff once. Lock held.
func (f *topics) refused(ctx context.Context, chat int64, err error) error {
	if telegram.NotForum(err) { // any more
		f.learn(telegram.Chat{ID: chat})
		return nil
	}
	f.home.log.Warn("no topic in the staff group", "err", err)
	f.again(f.now().Add(topicsAgain))
	k, failed := f.read(ctx, chat)
	if failed != nil || k.Told || !telegram.NoTopics(err) {
		return failed
	}
	k.Told = true
	if err := f.write(ctx, k); err != nil {
		return err
	}
	_, err = f.home.screens.Put(ctx, ui.Screen{Text: f.home.printer(ctx).T("staff.topics_refused", nil)}, ui.ScreenTarget{Chat: chat})
	return err
}

//i18n:use staff.topic_*

// name is what a topic is called in the group.
func (f *topics) name(ctx context.Context, p place) string {
	if p.customer.ID == 0 {
		return f.home.printer(ctx).Plain("staff.topic_"+string(p.topic), nil)
	}
	number := " · " + strconv.FormatInt(int64(p.customer.ID), 10)
	return ui.Truncate(ui.CustomerName(p.customer), telegram.MaxTopicName-len(number)) + number
}

// at is where a place is now; 0: nowhere. Lock held.
func (f *topics) at(ctx context.Context, chat int64, p place) (int, error) {
	if p.customer.ID != 0 {
		return f.store.CustomerTopic(ctx, p.customer.ID, chat)
	}
	k, err := f.read(ctx, chat)
	return k.IDs[p.topic], err
}

// put notes where a place is. Lock held.
func (f *topics) put(ctx context.Context, chat int64, p place, thread int) error {
	if p.customer.ID != 0 {
		return f.store.SetCustomerTopic(ctx, p.customer.ID, chat, thread)
	}
	k, err := f.read(ctx, chat)
	if err != nil {
		return err
	}
	k.IDs[p.topic] = thread
	if thread == 0 {
		delete(k.IDs, p.topic)
	}
	return f.write(ctx, k)
}

// forget takes in that a topic is gone, if it is still the one that is known.
func (f *topics) forget(ctx context.Context, chat int64, p place, thread int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now, err := f.at(ctx, chat, p); err != nil || now != thread {
		return err
	}
	return f.put(ctx, chat, p, 0)
}

// read is what is known of a chat's topics. Lock held.
func (f *topics) read(ctx context.Context, chat int64) (*knownTopics, error) {
	if f.known == nil {
		v, err := f.home.settings.Setting(ctx, settingTopics)
		if err != nil && !errors.Is(err, esim.ErrNotFound) {
			return &knownTopics{}, fmt.Errorf("topics of the staff group: %w", err)
		}
		f.known = &knownTopics{}
		if json.Unmarshal([]byte(v), f.known) != nil { // nothing of ours: they are made anew
			f.known = &knownTopics{}
		}
	}
	k := f.known
	if k.Chat != chat { // the group became another; what is known of it counts until something is of that one
		k = &knownTopics{Chat: chat}
	}
	if k.IDs == nil {
		k.IDs = map[topic]int{}
	}
	return k, nil
}

// write notes what is known. Lock held.
func (f *topics) write(ctx context.Context, k *knownTopics) error {
	v, err := json.Marshal(k)
	if err == nil {
		err = f.home.settings.SetSetting(ctx, settingTopics, string(v))
	}
	if err != nil {
		f.known = nil // what is noted counts
		return fmt.Errorf("note the topics of the staff group: %w", err)
	}
	f.known = k
	return nil
}

// setClosed closes the topic of a customer, if they have one, or opens it again.
func (f *topics) setClosed(ctx context.Context, customer esim.CustomerID, closed bool) {
	chat := f.home.chat()
	thread, err := f.store.CustomerTopic(ctx, customer, chat)
	if err == nil && thread != 0 {
		err = f.telegram.SetTopicClosed(ctx, chat, thread, closed)
	}
	if err != nil { // its head card says how it is
		f.home.log.Debug("a topic is as it was", "err", err)
	}
}
