"""Facts about travel: trains, flights, roads, hotels."""

# fmt: off
from __future__ import annotations

from training.screens.facts.kinds import FactKind, kind, state

TRAVEL: tuple[FactKind, ...] = (
    kind("departure", "s:train y:place x:time",
         "The {s} to {y} leaves at {x}. | {s} to {y}: departure {x} | At {x} the {s} sets off for {y}. | {x} {s} {y}"
         " | For {y} take the {s}, which starts at {x}. | The {s} (destination {y}) is planned for {x}."
         " | You can get to {y} with the {s}; it goes at {x}.",
         x="When does the {s} leave? | At what time does the {s} go? | When does the train to {y} leave?"
           " | What is the departure time of the {s}? | When do I have to be on the {s}? | When can I go to {y}?",
         s="Which train goes to {y}? | Which train leaves at {x}? | What do I take to get to {y}?",
         y="Where does the {s} go? | What is the destination of the {s}? | Where does the train at {x} go to?",
         whether="Does the {s} leave at {x}? | Does the {s} go to {y}?",
         least="Which train leaves first? | What is the earliest train? | Which one is the first to go?",
         most="Which train leaves last? | What is the latest train?",
         columns="s:Train/Service/No. y:To/Destination x:Leaves/Departure/Time"),
    kind("first_ride", "s:bus/tram/boat/shuttle/lift/cable_car+ x:time y:time",
         "The first {s} leaves at {x}, the last at {y}. | {s}: from {x} until {y} | The {s} runs between {x} and {y}."
         " | Service of the {s} begins at {x} and ends at {y}. | Every day the {s} starts at {x}; the last ride is at {y}.",
         x="When does the first {s} leave? | When does the {s} start in the morning? | From when on does the {s} run?"
           " | What time is the first {s}?",
         y="When does the last {s} leave? | Until when does the {s} run? | When does the {s} stop? | How late can I take the {s}?"),
    kind("arrival", "s:flight y:place x:time",
         "{s} from {y} lands at {x}. | Flight {s} from {y} is expected at {x}. | {s} {y} {x} | {x}: {s} arrives from {y}"
         " | Passengers of {s} get in from {y} at {x}.",
         x="When does {s} arrive? | At what time does {s} land? | When does the flight from {y} get in?",
         s="Which flight comes from {y}? | Which flight lands at {x}? | Which one is expected at {x}?",
         y="Where does {s} come from? | From which town is {s}? | What is the origin of {s}?",
         whether="Does {s} come from {y}? | Does {s} land at {x}?",
         least="Which flight lands first? | Which flight is the earliest?", most="Which flight lands last?",
         columns="s:Flight/No. y:From/Origin x:Arrival/Expected/Lands"),
    kind("platform", "s:train x:platform",
         "The {s} departs from {x} today. | {s} now on {x} | Please go to {x} for the {s}. | Change of track: {s}, {x}"
         " | The {s} waits at {x}. | {s} - {x}",
         x="Where does the {s} depart? | From which platform does the {s} leave? | Where is the {s}?"
           " | Where do I get on the {s}?",
         s="Which train is at {x}? | What leaves from {x}? | Which train waits at {x}?", whether="Is the {s} at {x}?",
         columns="s:Train/Line x:Platform/Track/Where"),
    kind("running", "s:train", "",
         state("The {s} has been cancelled. | {s}: cancelled | The {s} does not run today. | There is no {s} today."
               " | {s} will not operate",
               "Has the {s} been cancelled? | Is the {s} cancelled?",
               s="Which train is cancelled? | Which train does not run? | What has been cancelled? | Which one is not going?"),
         state("The {s} is on time. | {s}: on time | The {s} runs as planned. | {s} no delay",
               "Is the {s} on time? | Does the {s} run as planned?",
               s="Which train is on time? | Which one runs as planned? | Which train has no delay?"),
         state("The {s} is late. | {s}: delayed | The {s} has a delay. | {s} behind schedule",
               "Is the {s} late? | Does the {s} have a delay?",
               s="Which train is late? | Which one is delayed? | Which train is behind schedule?")),
    kind("delay", "s:train x:minutes y:reason",
         "The {s} is {x} late because of {y}. | {s}: {x} late ({y}) | Because of {y} the {s} comes {x} later."
         " | Delay of {x} for the {s}, cause: {y} | Due to {y}, wait {x} longer for the {s}.",
         x="How late is the {s}? | By how much is the {s} delayed? | What is the delay of the {s}? | How long must I wait for the {s}?",
         y="Why is the {s} late? | What delays the {s}? | What is the reason for the delay of the {s}?",
         s="Which train is {x} late? | Which train is late because of {y}?",
         most="Which train has the longest delay?", columns="s:Train x:Delay y:Reason/Cause"),
    kind("fare", "s:day_ticket/child_ticket/group_ticket/week_pass/night_ticket/season_pass/return_ticket/single_ride x:amount",
         "A {s} costs {x}. | {s}: {x} | You pay {x} for a {s}. | {s} {x} | The price of a {s} is {x}. | {x} buys a {s}.",
         x="How much is a {s}? | What does a {s} cost? | What is the price of a {s}? | How much do I pay for a {s}?",
         s="Which ticket costs {x}? | What can I buy for {x}?", whether="Does a {s} cost {x}?",
         least="Which ticket is the cheapest?", most="Which ticket is the most expensive? | Which one costs most?",
         columns="s:Ticket/Fare x:Price/Cost"),
    kind("aboard", "s:dogs/skis/prams/food/surfboards/scooters/hot_drinks/suitcases/cats/folding_chairs/musical_instruments", "",
         state("{s} may be taken along. | {s} are welcome on board. | {s}: allowed | You can bring {s}. | We also take {s}.",
               "May {s} be taken along? | Can I bring {s}? | Are {s} allowed on board? | Are {s} permitted?",
               s="What may be taken along? | What is allowed on board?"),
         state("{s} cannot be taken along. | No {s} on board, please. | {s}: not allowed | Leave {s} at home."
               " | There is no room for {s}.",
               "Must {s} stay behind? | Are {s} forbidden? | Is it forbidden to bring {s}?",
               s="What cannot be taken along? | What is forbidden on board? | What must stay at home?")),
    kind("closed_way", "s:road/bridge/tunnel/path/pass/crossing/harbour/runway+ x:date y:reason",
         "The {s} stays closed until {x} because of {y}. | {s} closed ({y}), open again on {x} | After {y} the {s} is shut until {x}."
         " | Nobody can use the {s} before {x}; the cause is {y}. | The {s} will reopen on {x}. It was blocked by {y}.",
         x="Until when is the {s} closed? | When does the {s} open again? | When can I use the {s} again?",
         y="Why is the {s} closed? | What blocked the {s}? | What is the cause of the closure of the {s}?",
         s="What is closed until {x}? | What is closed because of {y}? | What reopens on {x}?",
         columns="s:Place/Where x:Closed_until/Opens_again y:Reason/Why"),
    kind("check_in", "s:hotel/hostel/campsite/guest_house/cabin+ x:time y:time",
         "At the {s} you can check in from {x}; rooms are free until {y}. | {s}: arrival from {x}, departure by {y}"
         " | Check-in at the {s} begins at {x}, check-out is {y}. | The {s} asks guests to leave by {y} and come after {x}.",
         x="From when can I check in at the {s}? | When may I arrive at the {s}? | When does check-in at the {s} begin?",
         y="When is check-out at the {s}? | By when must I leave the {s}? | Until when can guests of the {s} stay?",
         columns="s:House/Hotel x:Arrival y:Departure"),
    kind("journey", "s:place y:place x:hours",
         "The ride from {s} to {y} takes {x}. | {s} - {y}: {x} | It is {x} from {s} to {y}. | From {s} you reach {y} in {x}."
         " | Plan {x} for the way between {s} and {y}.",
         x="How long does it take from {s} to {y}? | How much time is needed to get to {y}? | How long is the ride to {y}?",
         y="Where can I be in {x}? | Which town is {x} away?", columns="s:From y:To x:Duration/Takes"),
    kind("booking", "s:place x:code y:date",
         "Your trip to {s} on {y} is booked under {x}. | Booking {x}: {s}, {y} | The reference for {s} is {x}; we start on {y}."
         " | {s} ({y}), booking code {x} | Quote {x} when you travel to {s} on {y}.",
         x="What is the booking code of the trip to {s}? | Which reference has the journey to {s}? | What do I quote for {s}?",
         y="When is the trip to {s}? | On which day do we go to {s}? | When does the journey to {s} begin?",
         s="Where does booking {x} go to? | Where is the trip on {y} going?", columns="s:Trip/To y:Date x:Booking/Code"),
    kind("luggage", "s:hand_luggage/suitcases/sports_bags/parcels/backpacks/crates x:weight",
         "{s} may weigh {x} at most. | {s}: up to {x} | The limit for {s} is {x}. | We take {s} of no more than {x}.",
         x="How heavy may {s} be? | What is the weight limit for {s}? | How much may {s} weigh?",
         s="For what is the limit {x}? | What may weigh {x}?", whether="May {s} weigh {x}?", columns="s:What x:Limit/At_most"),
    kind("change", "s:place x:place y:train",
         "To {s} change in {x} and go on with the {y}. | {s}: via {x}, then {y} | For {s} get off in {x}; the {y} takes you on."
         " | Passengers for {s} continue from {x} by the {y}.",
         x="Where do I change for {s}? | Where must I get off to go to {s}? | Via which town does one go to {s}?",
         y="Which train goes on to {s}? | What do I take after changing for {s}?", columns="s:To x:Change_in y:Then"),
)
