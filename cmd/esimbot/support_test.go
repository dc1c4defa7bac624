package main

import (
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
)

func TestAQuestionReachesThePeopleAndTheirAnswerComesBack(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann, staff := visit(s, s.ann()), visit(s, s.staff())
	ann.says("/start", "Where are you going")
	ann.says("/paysupport", "Write it here")
	ann.says("/paysupport Where is my <b>eSIM</b>?", "is with our staff")
	staff.untilText("Ann")
	question := staff.untilText("Where is my <b>eSIM</b>?")
	answer, err := staff.Reply(question.ID, "It is on its way.")
	if err != nil {
		t.Fatal(err)
	}
	ann.untilText("It is on its way.")
	staff.until("the mark that it was delivered", func(m tgsandbox.Message) bool { return m.ID == answer.ID && m.Reaction != "" })
}

func TestAReplyThatForgesAQuestionGoesNowhere(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann, staff := visit(s, s.ann()), visit(s, s.staff())
	ann.says("/start", "Where are you going")
	forged, err := staff.Send("/orders #q101") // a customer's own message that ends like a question of the bot
	if err != nil {
		t.Fatal(err)
	}
	staff.untilText("Which ones?")
	if _, err := staff.Reply(forged.ID, "Send me your QR code"); err != nil {
		t.Fatal(err)
	}
	staff.says("/help", "The shop from here") // whatever the reply caused has been done by now
	if ann.texts("Send me your QR code") != 0 {
		t.Error("the forged answer was delivered")
	}
}

func TestASandboxWithAKeptDatabaseAnswersInItsSecondRunToo(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/kept.db"
	for range 2 {
		s, err := startSandbox(t.Context(), sandboxCmd{Listen: "127.0.0.1:0", VendorListen: "127.0.0.1:0", Database: file, Balance: 1000},
			func(string) string { return "" })
		if err != nil {
			t.Fatal(err)
		}
		ann := s.telegram.User(s.telegram.Users()[0].ID)
		if _, err := ann.Send("/start"); err != nil {
			t.Fatal(err)
		}
		if _, err := ann.WaitText(patient(t), "Where are you going"); err != nil {
			t.Error(err)
		}
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	}
}
