"""Source text of the layers that Keras lacks and our networks use.

The exporter prints these texts into the module that needs them. They compute with ``keras.ops`` alone, so that every
backend runs them, and can be saved with the model.
"""

from __future__ import annotations

HELPERS: dict[str, str] = {
    "ContinuedPadding": '''\
@keras.saving.register_keras_serializable(package="cnn_studio")
class ContinuedPadding(layers.Layer):
    """Continues the maps beyond their borders: mode "reflect", "replicate" or "circular"."""

    def __init__(self, padding, mode, **kwargs):
        super().__init__(**kwargs)
        self.padding = padding
        self.mode = mode

    def call(self, x):
        mode = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}[self.mode]
        for axis, (before, after) in enumerate(self.padding, start=1):
            places = np.pad(np.arange(x.shape[axis]), (before, after), mode)
            x = ops.take(x, places, axis=axis)
        return x

    def get_config(self):
        return super().get_config() | {"padding": self.padding, "mode": self.mode}
''',
    "LowestPadding": '''\
@keras.saving.register_keras_serializable(package="cnn_studio")
class LowestPadding(layers.Layer):
    """A border of minus infinity, which never is the largest value of a patch."""

    def __init__(self, padding, **kwargs):
        super().__init__(**kwargs)
        self.padding = padding

    def call(self, x):
        return ops.pad(x, [(0, 0), *self.padding, (0, 0)], constant_values=float("-inf"))

    def get_config(self):
        return super().get_config() | {"padding": self.padding}
''',
    "PartialAveragePooling": '''\
@keras.saving.register_keras_serializable(package="cnn_studio")
class PartialAveragePooling(layers.Layer):
    """Means over patches that reach beyond the maps: of the padding only what is counted has a share."""

    def __init__(self, pool_size, strides, padding, counted, **kwargs):
        super().__init__(**kwargs)
        self.pool_size = pool_size
        self.strides = strides
        self.padding = padding
        self.counted = counted

    def mean(self, x):
        return ops.average_pool(x, self.pool_size, self.strides, data_format="channels_last")

    def call(self, x):
        pairs = list(zip(self.padding, self.counted))
        rest = [(before - b, after - a) for (before, after), (b, a) in pairs]
        share = ops.ones((1, *x.shape[1:-1], 1), dtype=x.dtype)
        share = ops.pad(share, [(0, 0), *self.counted, (0, 0)], constant_values=1.0)
        share = ops.pad(share, [(0, 0), *rest, (0, 0)])
        return self.mean(ops.pad(x, [(0, 0), *self.padding, (0, 0)])) / self.mean(share)

    def get_config(self):
        return super().get_config() | {
            "pool_size": self.pool_size,
            "strides": self.strides,
            "padding": self.padding,
            "counted": self.counted,
        }
''',
    "SpreadPixels": '''\
@keras.saving.register_keras_serializable(package="cnn_studio")
class SpreadPixels(layers.Layer):
    """Puts strides - 1 zeros between neighbouring pixels of each axis."""

    def __init__(self, strides, **kwargs):
        super().__init__(**kwargs)
        self.strides = strides

    def call(self, x):
        rank = len(x.shape) - 2
        strides = [self.strides] * rank if isinstance(self.strides, int) else self.strides
        for axis, stride in enumerate(strides, start=1):
            size = x.shape[axis]
            x = ops.pad(x, [(0, int(other == axis)) for other in range(rank + 2)])
            places = np.arange((size - 1) * stride + 1)
            x = ops.take(x, np.where(places % stride == 0, places // stride, size), axis=axis)
        return x

    def get_config(self):
        return super().get_config() | {"strides": self.strides}
''',
    "GroupedConvTranspose": '''\
@keras.saving.register_keras_serializable(package="cnn_studio")
class GroupedConvTranspose(layers.Layer):
    """A transposed convolution in groups: each makes its filters from its own channels."""

    def __init__(self, filters, kernel_size, groups, **kwargs):
        own = {"strides", "padding", "dilation_rate", "use_bias"} & kwargs.keys()
        self.options = {name: kwargs.pop(name) for name in sorted(own)}
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.groups = groups

    def build(self, shape):
        convolution = getattr(layers, f"Conv{len(shape) - 2}DTranspose")
        sizes = (self.filters // self.groups, self.kernel_size)
        self.parts = [
            convolution(*sizes, trainable=self.trainable, **self.options) for _ in range(self.groups)
        ]
        for part in self.parts:
            part.build((*shape[:-1], shape[-1] // self.groups))

    def call(self, x):
        pieces = ops.split(x, self.groups, axis=-1)
        return ops.concatenate([part(piece) for part, piece in zip(self.parts, pieces)], axis=-1)

    def get_config(self):
        sizes = {"filters": self.filters, "kernel_size": self.kernel_size, "groups": self.groups}
        return super().get_config() | sizes | self.options
''',
    "LocalResponseNormalization": '''\
@keras.saving.register_keras_serializable(package="cnn_studio")
class LocalResponseNormalization(layers.Layer):
    """x / (k + alpha / size * sum of x² over neighbouring channels) ** beta, as in AlexNet (2012)."""

    def __init__(self, size, alpha=1e-4, beta=0.75, k=1.0, **kwargs):
        super().__init__(**kwargs)
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def call(self, x):
        distance = np.subtract.outer(np.arange(x.shape[-1]), np.arange(x.shape[-1]))
        near = (distance >= -(self.size // 2)) & (distance <= (self.size - 1) // 2)
        mean = ops.matmul(ops.square(x), ops.cast(near / self.size, x.dtype))
        return x / (self.k + self.alpha * mean) ** self.beta

    def get_config(self):
        numbers = {"size": self.size, "alpha": self.alpha, "beta": self.beta, "k": self.k}
        return super().get_config() | numbers
''',
}
"""Source of each class by its name, as it stands as ``target`` in a Call."""
