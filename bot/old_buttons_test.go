package bot_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"esimbot/bot/ui"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Buttons stay in chats for ever. These are the data of every route as releases wrote
// them, the oldest form first; no line is ever changed or taken away. {plan} is a plan of
// Japan, {pass} a day pass of it, {region} a location such as EU-42, {tran} an eSIM, {order}
// its order, {waiting} an order to be paid from store credit, {stars} and {topup} prices.
var oldButtons = []string{
	"menu", "help", "lang", "lang|en",
	"conts", "cont|europe", "cont|europe|1", "regions",
	"country|JP", "country|JP|d", "country|JP|f|p|0", "country|JP|f|d|1", "country|JP|r",
	"find|aJP_7", "find|aJP5_30", "find|aJPDE", "find|oESIT", "find|reurope", "find|reurope10", "askus",
	"regions|1", "country|JP|f|t|0|m|7|5", "country|JP||||m", "country|JP|d|g|1||0|2",
	"need|JP", "need|JP|m|7", "need|JP||7|social", "need|JP||7|social|1", "need|{region}||7|video|2",
	"details|{plan}|JP", "details|{plan}|JP.m.fg1|0|1", "details|{pass}|JP|10|2",
	"region|{region}", "region|{region}|f", "region|{region}|f|p|0",
	"plan|{plan}", "plan|{plan}|JP", "plan|{plan}|{region}", "plan|{plan}|JP|0", "plan|{plan}||0|2", "plan|{pass}|JP|10", "plan|{pass}|JP|10|2",
	"nets|{plan}|JP|0", "nets|{plan}|JP|0|0", "nets|{plan}|JP|0|0|2", "nets|{plan}||0|0|1",
	"phone", "phone|{plan}|JP|0", "phone|{pass}|JP|10|2",
	"share|{plan}|JP", "share|{pass}|JP.m|10|2",
	"fit", "fit|||0|0|iphone", "fit|{plan}|JP|0|1|eid_yes", "fit|{plan}|JP|0|1|unlocked_no", "fit|{pass}|JP|10|2|again",
	"ways|{plan}|JP|0|1", "ways|{pass}|JP|3|2",
	"buy|{plan}|JP|0|{stars}", "buy|{plan}|JP|0|{stars}|1|stars", "buy|{plan}||0|1|1|stars",
	"news|0", "news|1|1", "news|0|1", "news|1",
	"settings", "ealerts", "ealerts|{tran}", "ealerts|{tran}|data50|1", "ealerts|{tran}|data50", "ealerts|{tran}|all", "alert|data50|1", "alert|data50|0", "quiet", "quiet|22-8", "quiet|off", "zone", "zone|America/Chicago", "zone|-",
	"esims", "esims|0", "esim|{tran}", "fresh|{tran}", "name|{tran}", "name|{tran}|x", "name|{tran}|-", "install|{tran}", "qr|{tran}", "chart|{tran}",
	"guide", "guide||{tran}", "guide||{tran}|which", "guide|iphone|{tran}", "guide|iphone|{tran}|all", "guide|samsung|{tran}|photo", "guide|huawei||full", "guide|pixel|{tran}|codes",
	"topup|{tran}", "topup|{tran}|1", "tcard|{tran}|{topup code}|0", "tbuy|{tran}|{topup code}|0|{topup}|stars", "tbuy|{tran}|{topup code}|0|{topup}|s-61", "rescue|{tran}|61",
	"auto|{tran}|||0", "auto|{tran}|-||0", "auto|{tran}|{topup code}||62", "auto|{tran}|{topup code}|10|62", "auto|{tran}|||0", "autooff|{tran}",
	"paycredit|{waiting}", "again|{order}", "order|{order}", "leave|{order}", "leavenow|{order}",
	"trip|{tran}", "trip|o{order}", "trip|{tran}|2026-12-10", "trip|o{order}|2026-12-10|7", "trip|{tran}|-",
	"cancel|{tran}", "cancelnow|{order}", "cancelone|{tran}",
	"promo|{plan}|JP", "promo|{pass}|JP.m|10|2", "promo|{plan}|JP|0|1|x", "promo|{plan}|JP|0|1|-", "invite",
	"give|{tran}", "givenow|{tran}", "giveback|{tran}", "given|{tran}", "claim|{token}", "take|{token}",
	"person", "person|{tran}", "person|||1", "endtalk|1",
	"swap|{tran}", "swapof|{order}", "swapfind|{tran}", "swapcard|{tran}|{plan}", "swapcard|{tran}|{pass}|3", "swbuy|{tran}|{plan}|0|1|stars", "swbuy|{tran}|{pass}|3|1|s5",
	"fault", "fault|{tran}", "fault|{tran}|y", "fault|{tran}|yn|m", "fault|{tran}|yny", "fault|{tran}|n|w", "fault|{tran}||e",
	"lost|{tran}", "lost|{tran}|phone", "lost|{tran}|deleted",
	"mydata", "forget", "forgetnow|99|1", "wdraw|{order}", "wdraw|{order}|{tran}", "wdrawnow|{order}", "wdrawnow|{order}|{tran}",
}

// oldStaffButtons are those of the staff group.
var oldStaffButtons = []string{
	"s_card|{order}", "s_ask|refund|{order}", "s_yes|refund|{order}|expired", "s_pick|suspend|{order}",
	"s_ask_esim|suspend|{tran}|{order}", "s_yes_esim|suspend|{tran}|GOT_RESOURCE",
	"s_no|{order}", "s_no|-", "s_no", "s_credit|101|500|7K2MXQ4P", "s_block|101|1", "s_block|101|0",
	"s_yes|refund|{order}|delivered",
	"s_helds", "s_helds|1", "s_helds|1|1", "s_held|{held}", "s_ask_held|keep|{held}", "s_ask_held|sendback|{held}",
	"s_yes_held|keep|{held}", "s_yes_held|sendback|{held}", "s_close|1", "s_promo", "s_resume", "s_price|00000000", "s_set|00000000", "s_curate|show|@TR",
	"s_why|refund|{order}|network", "s_words|refund|{order}", "s_role|900|manager", "s_agree|1", "s_disagree|1",
	"s_stats|30", "s_stats|7|1", "s_user|101", "s_user_do|u_credit|101", "s_user_do|u_block|101", "s_message|101", "s_cast|show|1", "s_cast|send|1",
	"s_ask|amount|{order}", "s_pick|part|{order}", "s_ask_esim|part|{tran}|{order}", "s_why|part|{order}|network|{tran}", "s_yes_part|{order}||100|245", "s_yes_part|{order}|{tran}|0|245",
	"s_ask_esim|gift|{tran}|{order}", "s_gift|{tran}|{topup code}|90", "s_yes_gift|{tran}|{topup code}|90", "s_ask_esim|assign|{tran}|{order}", "s_yes_assign|{tran}|101",
	"s_take|1", "s_answers|1", "s_answer|1|00000000", "s_reopen|1",
}

// TestOldButtonsStillWork presses each of them; what it shows is in testdata. The file
// was written by the release before callback data got types.
func TestOldButtonsStillWork(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	names := s.named()
	k := s.talk(ann)
	k.look()
	menu := ann.Last().ID
	for _, data := range oldButtons {
		k.tapped(menu, data, names.Replace(data))
		k.leads()
	}
	k.user = s.Messenger.User(staffID).In(groupID)
	k.says("/help")
	for _, data := range oldStaffButtons {
		// The reason travels with the message; such a message was sent before.
		k.tapped(k.user.Last().ID, data, names.Replace(data))
		k.leads()
	}
	k.golden("old_buttons.en")
	covered(t, s.App.Bot.Router().Routes(), oldButtons)
	covered(t, s.App.Bot.Staff().Routes(), oldStaffButtons)
}

// leads writes down what the buttons of the newest message send, since an older release
// may have to read them after a step back. Since callback data has types, what is "" or 0
// at its end is left out; older releases read that as "" or 0 too.
func (k *talk) leads() {
	for _, row := range k.user.Last().Keyboard {
		for _, b := range row {
			if b.Data != "" {
				k.text.WriteString("  " + rawID.ReplaceAllString(b.Data, "|${1}ORDER") + "\n")
			}
		}
	}
}

// rawID is the id of an order within callback data.
var rawID = regexp.MustCompile(`\|(o?)[0-9A-HJKMNP-TV-Z]{8}\b`)

// covered holds the list against the routes there are.
func covered(t *testing.T, routes []ui.Route, buttons []string) {
	t.Helper()
	for _, r := range routes {
		route := string(r)
		if !slices.ContainsFunc(buttons, func(data string) bool { return data == route || strings.HasPrefix(data, route+"|") }) {
			t.Errorf("no button of route %q is pressed: add it as the first release with it writes it", route)
		}
	}
}

// named gives Ann what the buttons name.
func (s *shop) named() *strings.Replacer {
	s.Helper()
	japan := s.Catalog.Current().Country("JP")
	plan := japan[slices.IndexFunc(japan, func(p esim.Plan) bool { return !p.DayPass() && p.TopUp != esim.NoTopUp })]
	pass := japan[slices.IndexFunc(japan, esim.Plan.DayPass)]
	bought := s.buy(s.Messenger.User(annID))
	s.fulfils()
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodCredit}
	waiting := s.creditOrder(plan)
	s.credits(10_000)
	esims, err := s.DB.ESIMsOf(s.Context(), annID)
	s.Must(err)
	offers, err := s.TopUps.Offers(s.Context(), esims[0], 0)
	s.Must(err)
	quote, err := s.Checkout.Quote(plan.Code, 1, 0)
	s.Must(err)
	held := esim.UnexplainedPayment{Payment: esim.Payment{ID: "charge-of-another-database", Order: "ABCD0001", Customer: annID, Amount: esim.Stars(231), At: shoptest.Noon}, Older: true}
	_, err = s.DB.NoteUnexplained(s.Context(), held)
	s.Must(err)
	_, token, err := s.Gifts.Offer(s.Context(), annID, esims[0].ID, "")
	s.Must(err)
	return strings.NewReplacer(
		"{token}", token.Reveal(),
		"{held}", held.Ref(),
		"{plan}", plan.Code, "{pass}", pass.Code, "{region}", s.Catalog.Current().Regions(esim.ScopeRegional)[0],
		"{tran}", string(esims[0].ID), "{order}", string(bought.ID), "{waiting}", string(waiting.ID),
		"{stars}", strconv.FormatInt(quote.Price.Minor, 10), "{topup code}", offers[0].Plan.Code, "{topup}", strconv.FormatInt(offers[0].Price.Minor, 10),
	)
}
