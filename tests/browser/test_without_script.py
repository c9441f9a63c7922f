"""With scripts off: sign-in, search, a tap, a typed signature, the paper."""


def test_the_work_is_done_without_a_script(desk):
    lin = desk("lin", script=False)
    lin.go("/customers")
    lin.page.fill("#q", "wjg")
    lin.press("form.search button")
    assert lin.page.locator("#found a.whole", has_text="王建国").count() >= 1

    lin.go("/deliveries?show=done")
    lin.press(lin.page.locator(".row:has(.chip.good) a.whole").first)
    link = lin.page.locator("a[href*='/papers/JC-']").first.get_attribute("href")
    assert lin.fetch(link).startswith(b"%PDF-")


def test_a_checklist_is_answered_without_a_script(desk):
    zhou = desk("zhou", script=False)
    zhou.go("/")
    zhou.press(zhou.page.locator("#queue .row:not(:has(.chip.bad)) a.whole").first)
    if not zhou.page.locator(".items").count():
        zhou.press(zhou.page.locator("form[action$='/pdi'] button, a.button[href$='/pdi']").first)
    untouched = zhou.page.locator(".items > .item:has(.rag):not(:has(input:checked))")
    while not untouched.count():
        zhou.press(".dock a.primary")
    item = zhou.page.locator(f"#{untouched.first.get_attribute('id')}")
    name = item.get_attribute("id")
    item.locator("input[value=ok]").check(force=True)
    zhou.press(item.locator("noscript button, form:not(.photo) button.wide").first)

    assert zhou.page.locator(f"#{name} input[value=ok]").is_checked()


def test_a_section_is_signed_by_typing_the_name(desk, scene):
    lin = desk("lin", script=False)
    section = scene.handover_sections[8]
    lin.go(section)
    for name in [item.get_attribute("id") for item in lin.page.locator(".items > .item").all()]:
        tick = lin.page.locator(f"#{name} input[type=checkbox]")
        if not tick.is_checked():
            tick.check()
            lin.press(f"#{name} button.wide")
    form = lin.page.locator("#sign-section")
    form.locator("summary").click()
    form.locator("[name=typed_name]").fill("黄磊")
    lin.press(form.locator("button.primary"))
    lin.go(section)

    assert lin.page.locator("figure.sign").is_visible()
