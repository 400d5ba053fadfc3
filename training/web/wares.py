"""Things on sale in a grid: prices, stars, what is sold out."""

from __future__ import annotations

from training.web.board import Board


def wares(board: Board) -> str:
    """Things on sale in a grid, or one of them with its details: prices, stars, stock."""
    rng = board.rng
    names = board.alike("good", rng.randint(3, 12))
    prices = [board.maker.make("amount") for _ in names]
    stars = [f"{rng.randint(10, 50) / 10:.1f}" for _ in names]
    stock = [board.pick(("In stock", "Sold out", "Only 2 left", "New", "Sale", "")) for _ in names]
    boxes = ""
    label = board.pick(("Add to cart", "Buy", "Add to basket", "Details"))
    for n, name in enumerate(names):
        parts = [
            f"<div class='shot' style='height:{rng.randint(40, 90)}px'></div>",
            board.put(name, f"g{n}", "div", "b"),
            board.put(prices[n].text, f"gp{n}", "div", board.pick(("", "big"))),
        ]
        parts.append(f"<div class='small muted'>&#9733; {board.put(stars[n], f'gs{n}')}</div>")
        if stock[n]:
            parts.append(board.put(stock[n], f"gt{n}", "div", "badge"))
        parts.append(board.put(label, f"gb{n}", "button", "btn"))
        boxes += f"<div class='panel'>{''.join(parts)}</div>"
        needs = (f"g{n}", f"gp{n}")
        board.ask(
            "price",
            prices[n].text,
            "How much is {k}?|What does {k} cost?|What is the price of {k}?|How much do I pay for {k}?|Which price stands beside {k}?",
            needs,
            k=name,
        )
        if [one.text for one in prices].count(prices[n].text) == 1:
            board.ask(
                "value", name, "What costs {v}?|Which product is {v}?|What can I buy for {v}?", needs, v=prices[n].text
            )
        board.ask(
            "value",
            stars[n],
            "How is {k} rated?|How many stars has {k}?|What is the rating of {k}?",
            (f"g{n}", f"gs{n}"),
            k=name,
        )
        if stock[n]:
            board.ask(
                "value",
                stock[n],
                "What does the label of {k} say?|What does it say about {k}?",
                (f"g{n}", f"gt{n}"),
                k=name,
            )
    every = [f"{p}{n}" for n in range(len(names)) for p in ("g", "gp")]
    ranks = [one.rank or 0 for one in prices]
    for rank, asked, much in (
        (min(ranks), "What is the cheapest?|Which product is the cheapest?|What costs least?|Which one has the lowest price?", "What is the lowest price?|How much is the cheapest product?"),
        (max(ranks), "What is the most expensive?|Which product is the most expensive?|What costs most?|Which one has the highest price?", "What is the highest price?|How much is the most expensive product?"),
    ):  # fmt: skip
        if ranks.count(rank) == 1:
            board.ask("highest", names[ranks.index(rank)], asked, every)
            board.ask("value", prices[ranks.index(rank)].text, much, every)
    out = [n for n, one in enumerate(stock) if one == "Sold out"]
    marks = [*every, *(f"gt{n}" for n, one in enumerate(stock) if one)]
    if len(out) == 1:
        board.ask(
            "value",
            names[out[0]],
            "What is sold out?|Which product is sold out?|What can I not buy?|Which one is not available?",
            marks,
        )
    board.ask("how_many", str(len(out)), "How many products are sold out?|How many are not available?", marks)
    board.ask(
        "how_many",
        str(len(names)),
        "How many products are shown?|How many products are there?|Count the products.|How many cards are there?",
        every,
    )
    board.ask("value", names[0], "What is the first product?|Which product comes first?", every[:1])
    board.ask("value", names[-1], "What is the last product?|Which product comes last?", every)
    number = str(rng.randint(0, 19))
    board.ask(
        "value",
        number,
        "How many things are in the cart?|How many items are in the cart?|Which number stands beside the cart?",
        ("cart",),
    )
    title = board.pick(
        (
            "Our products",
            "Shop",
            "Offers",
            "New arrivals",
            "Kitchen",
            "Everything",
            "Bestsellers",
            board.maker.make("noun").text,
        )
    )
    board.ask_as("heading", title, ("title",))
    board.about = f'a shop, "{title}", with {len(names)} products'
    return f"<div class='row spread'>{board.put(title, 'title', 'h1')}<span>Cart {board.put(number, 'cart', style='badge')}</span></div><div class='grid' style='grid-template-columns:repeat({rng.randint(3, 5)},1fr)'>{boxes}</div>"
