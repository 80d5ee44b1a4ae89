"""What each kind of problem is called when no layer is meant in particular: the headings of the guide's page."""

from __future__ import annotations

from cnn_studio.i18n import N_

TITLES: dict[str, dict[str, str]] = {
    N_("What is missing or not connected"): {
        "empty": N_("No layers yet"),
        "no_input": N_("No Input"),
        "several_inputs": N_("More than one Input"),
        "no_output": N_("No Output"),
        "several_outputs": N_("More than one Output"),
        "unconnected": N_("A layer that is not connected"),
        "unreached": N_("A part that the Input does not reach"),
        "few_inputs": N_("Something to join is missing"),
        "too_many_inputs": N_("More inputs than a layer takes"),
        "dead_end": N_("A way that leads nowhere"),
        "cycle": N_("Layers in a circle"),
        "unknown_kind": N_("A kind of layer that this version does not know"),
    },
    N_("Layers that do not fit"): {
        "needs_vector": N_("Maps before a dense layer"),
        "vector": N_("A row of numbers before a layer for maps"),
        "kernel_too_large": N_("A window larger than the map"),
        "pool_padding": N_("Too much padding in a pooling"),
        "window_beyond_map": N_("A mean over more than the map"),
        "shrinks_to_nothing": N_("Nothing is left of the map"),
        "extra_size": N_("Extra size too large"),
        "crop": N_("Everything is cut away"),
        "padding_mode": N_("More padding than the map can continue"),
        "axes": N_("A setting for another number of axes"),
        "reshape": N_("Another number of values after reshaping"),
        "groups_input": N_("Groups that do not divide the channels"),
        "groups_filters": N_("Groups that do not divide the filters"),
        "one_value": N_("Nothing to normalize over"),
        "too_large": N_("More values than a machine can hold"),
        "too_many_parameters": N_("More weights than a machine can hold"),
    },
    N_("Branches that come together"): {
        "sizes_differ": N_("Maps of different sizes"),
        "channels_differ": N_("Different numbers of channels"),
        "ranks_differ": N_("Maps and a row of numbers"),
    },
    N_("The network and its data"): {
        "input_sample": N_("Samples of another shape than the Input"),
        "output_maps": N_("An Output that gets maps"),
        "units_classes": N_("Another number of units than of classes"),
    },
    N_("What is probably not meant"): {
        "no_activation": N_("No activation between two layers"),
        "activation_twice": N_("Two activations in a row"),
        "softmax_inside": N_("Softmax in the middle"),
        "softmax_twice": N_("Softmax twice"),
        "dropout_before_norm": N_("Dropout right before a normalization"),
        "batch_statistics": N_("Batch normalization of too few values"),
        "normalized_away": N_("A normalization that leaves only zeros"),
        "even_same": N_("An even kernel has no middle"),
        "dropped_pixels": N_("Pixels that are left out"),
    },
    N_("Out of proportion"): {
        "dense_share": N_("One dense layer holds nearly everything"),
        "receptive_field": N_("A unit sees too little of the picture"),
        "memory": N_("More memory than the machine has"),
    },
    N_("What was learned before"): {
        "trained_input": N_("Learned on pictures of another size"),
        "trained_weights": N_("Learned weights that no longer fit"),
    },
}
"""By section, the code of every problem with its title."""


def title_of(code: str) -> str:
    """The title of a kind of problem, marked for translation; "" when it has none."""
    return next((titles[code] for titles in TITLES.values() if code in titles), "")
