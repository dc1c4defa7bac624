package places

import "testing"

// TestAnAmountIsNoNumberOfAnOrder, though the word order stands before it.
func TestAnAmountIsNoNumberOfAnOrder(t *testing.T) {
	x := index(t)
	for _, s := range []string{
		"заказ 4512 рублей", "я заплатил за заказ 4512 рублей", "заказ 4 512 руб.", "order 1500 rub", "order 1500 rubles", "my order 1200 USD",
		"заказ 1500 руб", "заказ 2000₽", "заказ 2000 ₽", "order $1500", "order 1500 stars", "order 1500⭐", "заказ 1500 звёзд", "pedido 1500 euros",
		"Bestellung 1500 Euro", "commande 1500 euros", "sipariş 1500 TL", "订单1500元", "注文1500円", "주문 15000원",
	} {
		if q := x.Parse(s); len(q.Digits) > 0 || q.Topic == OwnESIM {
			t.Errorf("%q has digits %v, topic %d", s, q.Digits, q.Topic)
		}
	}
	if q := x.Parse("order 1500, paid $20"); len(q.Digits) != 1 {
		t.Errorf("the number before an amount is none: %v", q.Digits)
	}
}

// TestTheEndOfANumberIsSaidInManyWords: with and without how many digits it has.
func TestTheEndOfANumberIsSaidInManyWords(t *testing.T) {
	x := index(t)
	for _, s := range []string{
		"сим заканчивается на 1234", "last 4 digits 1234", "last four digits 1234", "the last 4 digits are 1234", "последние 4 цифры 1234",
		"последние четыре цифры 1234", "моя eSIM 1234", "my eSIM …1234", "esim …1234 не ловит", "eSIM с номером 1234", "мой esim 1234", "еСИМ 1234",
		"order nr: 1234", "заказ №1234", "Заказ № 1234", "ICCID заканчивается на 1234", "номер сим 1234", "симкарта 1234", "сим-карта 1234",
		"сим-карта заканчивается на 1234", "letzte 4 Ziffern 1234", "últimos 4 dígitos 1234", "les 4 derniers chiffres 1234", "ultime 4 cifre 1234",
		"son 4 hanesi 1234", "后四位1234", "마지막 4자리 1234",
	} {
		if q := x.Parse(s); len(q.Digits) == 0 {
			t.Errorf("%q has no digits, topic %d, places %v", s, q.Topic, q.Places)
		}
	}
}

// TestAPhoneTypedAloneIsNoESIM: nor is the number of the phone's own eSIM chip, the EID, a place.
func TestAPhoneTypedAloneIsNoESIM(t *testing.T) {
	x := index(t)
	for _, s := range []string{
		"89161234567", "8 916 123 45 67", "79161234567", "+79161234567", "8 (916) 123-45-67", "84951234567",
		"EID 89049032004008882600012345678901", "89049032004008882600012345678901", "8904 9032 0040 0888 2600 0123 4567 8901",
	} {
		if q := x.Parse(s); q.Topic != Talk {
			t.Errorf("%q has digits %v, topic %d", s, q.Digits, q.Topic)
		}
	}
	for _, s := range []string{"8985203000001234567", "1234", "12 3456", "567890123"} {
		if q := x.Parse(s); q.Topic != OwnESIM {
			t.Errorf("%q is no eSIM's: topic %d", s, q.Topic)
		}
	}
}

// TestANumberOfAnOrderIsTypedWithASpaceToo: that is noted, and hides nothing else that the text may be.
func TestANumberOfAnOrderIsTypedWithASpaceToo(t *testing.T) {
	x := index(t)
	for _, s := range []string{"BGED 4X8V", "bged 4x8v?", "#BGED 4X8V", "my order BGED 4X8V has not come", "code J9Y3 BN7D."} {
		if q := x.Parse(s); len(q.Orders) != 1 || len(q.Orders[0]) != 8 {
			t.Errorf("%q has the orders %v", s, q.Orders)
		}
	}
	for _, s := range []string{"from Rome", "10gb 7day", "1234 5678", "iran iraq"} {
		if q := x.Parse(s); len(q.Orders) > 0 {
			t.Errorf("%q has the orders %v", s, q.Orders)
		}
	}
	if q := x.Parse("Peru 10GB 2025"); len(q.Places) != 1 || q.Bytes == 0 {
		t.Errorf("a place and a size are %v, %d bytes", q.Places, q.Bytes)
	}
}

// TestACodeToInstallIsNoPlace: letters in it are codes of countries.
func TestACodeToInstallIsNoPlace(t *testing.T) {
	x := index(t)
	for _, s := range []string{
		"LPA:1$rsp-eu.simlessly.com$F7C41068BF4F75AB41A29617F2668B31", "it says invalid: lpa:1$rsp-eu.simlessly.com$0F7C",
	} {
		if q := x.Parse(s); q.Intent != IntentInstall || len(q.Places) > 0 {
			t.Errorf("%q wants %q, places %v", s, q.Intent, q.Places)
		}
	}
}

// TestThePartOfAnOrdersNumber is heard where nothing else is typed; a place or a word with a size is none.
func TestThePartOfAnOrdersNumber(t *testing.T) {
	x := index(t)
	for text, want := range map[string]string{
		"BGED-4X8": "BGED4X8", "#j9y3-bn": "j9y3bn", "B0ED-4": "B0ED4",
		"peru-10": "", "iran-5gb": "", "wifi-5g": "", "cuba-3d": "", "BGED-XYZ": "", "order BGED-4X8K": "", "4gb-7d": "",
	} {
		if q := x.Parse(text); q.OrderPart != want {
			t.Errorf("%q is the part %q of an order's number, want %q", text, q.OrderPart, want)
		}
	}
}
