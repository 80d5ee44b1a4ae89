"""What the networks on sound and video and the small ones are for: a paragraph in English and one in Spanish."""

_WAVES = (
    "Dai, Dai, Qu, Li and Das, “Very deep convolutional neural networks for raw waveforms”, 2016 (arXiv:1610.00087)."
)
_ONDAS = "Dai, Dai, Qu, Li y Das, «Very deep convolutional neural networks for raw waveforms», 2016 (arXiv:1610.00087)."

STORIES: dict[str, tuple[str, str]] = {
    "m3": (
        (
            "M3 hears four seconds of sound as plain numbers, 32,000 of them, and tells a siren from a barking dog. Until "
            "then sounds were first turned into pictures of their pitches; here the first layer, with kernels 80 samples "
            "wide, learns its own filters, as an ear does. Everything has one axis instead of two, and nothing else "
            f"changes. It is the shallowest of five: wide, but blind to whatever takes longer. {_WAVES}"
        ),
        (
            "M3 oye cuatro segundos de sonido como simples números, 32 000, y distingue una sirena de un perro que ladra. "
            "Hasta entonces el sonido se convertía antes en una imagen de sus tonos; aquí la primera capa, con kernels de "
            "80 muestras de ancho, aprende sus propios filtros, como hace un oído. Todo tiene un eje en lugar de dos, y no "
            f"cambia nada más. Es la menos profunda de cinco: ancha, pero ciega a lo que dura más. {_ONDAS}"
        ),
    ),
    "m5": (
        (
            "M5 has five layers with weights and is the usual first network for sound: small, quick, good at spoken words "
            "and street noises. After each convolution a pool keeps one value of four, so that the last layer hears a "
            f"fifth of a second at once. {_WAVES}"
        ),
        (
            "M5 tiene cinco capas con pesos y es la primera red habitual para sonido: pequeña, rápida, buena con palabras "
            "habladas y ruidos de la calle. Tras cada convolución, un submuestreo conserva un valor de cada cuatro, de "
            f"modo que la última capa oye de una vez una quinta parte de segundo. {_ONDAS}"
        ),
    ),
    "m11": (
        (
            "M11 carries the lesson of VGG over to sound: kernels of 3 samples in pairs and threes, half the length and "
            "twice the filters from stage to stage, batch normalization to make the depth learnable, and a global mean "
            f"instead of dense layers, so that a recording may have any length. {_WAVES}"
        ),
        (
            "M11 lleva al sonido la lección de VGG: kernels de 3 muestras de dos en dos y de tres en tres, menos longitud "
            "y el doble de filtros de etapa en etapa, normalización por lotes para que la profundidad se pueda aprender y "
            f"una media global en lugar de capas densas, con lo que una grabación puede durar lo que sea. {_ONDAS}"
        ),
    ),
    "m18": (
        (
            "M18 was the best of its paper: 71.7 % of street noises recognised from the bare wave, as good as networks "
            "that were fed with pictures of pitches. Four convolutions in each stage give a unit of the last one a view "
            f"of a second and a half. {_WAVES}"
        ),
        (
            "M18 fue la mejor de su artículo: reconoció un 71,7 % de los ruidos de la calle a partir de la onda sin más, "
            "tan bien como redes alimentadas con imágenes de los tonos. Cuatro convoluciones por etapa dan a una unidad "
            f"de la última una vista de segundo y medio. {_ONDAS}"
        ),
    ),
    "m34res": (
        (
            "M34-res tries on sound what had just worked on pictures: 34 layers with a way around every pair. It learned "
            "its training sounds best of all five and new sounds worse than M18, and so became an honest example of "
            f"overfitting: deeper is better only as long as there are data enough. {_WAVES}"
        ),
        (
            "M34-res prueba con sonidos lo que acababa de funcionar con imágenes: 34 capas con un atajo en torno a cada "
            "par. Aprendió los sonidos de entrenamiento mejor que las otras cuatro y los nuevos peor que M18, y quedó así "
            "como ejemplo honrado de sobreajuste: más profundidad solo es mejor mientras haya datos suficientes. "
            f"{_ONDAS}"
        ),
    ),
    "c3d": (
        (
            "C3D watches 16 pictures of a video at once and names the sport. Its kernels have a third axis, time: 3×3×3 "
            "throughout, which the authors found best, so that the first layer already sees movement and not only edges. "
            "The first pool leaves time alone, the others halve it too. It has 487 classes, those of Sports-1M; the last "
            "pool keeps the rest, as in the authors' code. Tran, Bourdev, Fergus, Torresani and Paluri, “Learning "
            "spatiotemporal features with 3D convolutional networks”, ICCV, 2015 (arXiv:1412.0767)."
        ),
        (
            "C3D mira de una vez 16 imágenes de un vídeo y dice qué deporte es. Sus kernels tienen un tercer eje, el "
            "tiempo: siempre 3×3×3, lo mejor según los autores, de modo que ya la primera capa ve movimiento y no solo "
            "bordes. El primer submuestreo no toca el tiempo; los demás también lo reducen a la mitad. Tiene 487 clases, "
            "las de Sports-1M; el último submuestreo conserva el resto, como en el código de los autores. Tran, Bourdev, "
            "Fergus, Torresani y Paluri, «Learning spatiotemporal features with 3D convolutional networks», ICCV, 2015 "
            "(arXiv:1412.0767)."
        ),
    ),
    "quick-digits": (
        (
            "Reads handwritten digits and learns it in seconds on a laptop. Three small convolutions, each with batch "
            "normalization and ReLU, two pools right after their convolutions, where they save the most work, and a single dense layer: 29,434 parameters, less than half of LeNet-5, and "
            "after two passes through MNIST about 99 of 100 digits are right. The place to begin: train it, draw a digit, "
            "look at its maps, change something. Batch normalization, which makes it learn so fast, is from Ioffe and "
            "Szegedy, 2015 (arXiv:1502.03167)."
        ),
        (
            "Lee dígitos manuscritos y lo aprende en segundos en un portátil. Tres convoluciones pequeñas, cada una con "
            "normalización por lotes y ReLU, dos submuestreos justo después de su convolución, donde más trabajo ahorran, y una sola capa densa: 29 434 parámetros, menos de la mitad que "
            "LeNet-5, y tras recorrer dos veces MNIST acierta unos 99 dígitos de cada 100. Es el lugar por donde empezar: "
            "entrenarla, dibujar un dígito, mirar sus mapas, cambiar algo. La normalización por lotes, gracias a la cual "
            "aprende tan deprisa, es de Ioffe y Szegedy, 2015 (arXiv:1502.03167)."
        ),
    ),
    "tiny-vgg": (
        (
            "VGG in small: three stages of two 3×3 convolutions and a pool, for coloured pictures of 32×32. Everything "
            "that matters in VGG-16 is here: halve the maps, double the filters, and see how much of the parameters the "
            "first dense layer takes. Added is batch normalization, which came a year later; take it out, and for "
            "minutes nothing is learned. After Simonyan and Zisserman, 2014 (arXiv:1409.1556)."
        ),
        (
            "VGG en pequeño: tres etapas de dos convoluciones de 3×3 y un submuestreo, para imágenes en color de 32×32. "
            "Todo lo que importa de VGG-16 está aquí: mitad de mapa, doble de filtros, y se ve cuántos de los parámetros "
            "se lleva la primera capa densa. Se ha añadido la normalización por lotes, que llegó un año después; si se "
            "quita, pasan minutos sin que aprenda nada. Según Simonyan y Zisserman, 2014 (arXiv:1409.1556)."
        ),
    ),
    "tiny-inception": (
        (
            "Two inception modules, open to be looked at, for coloured pictures of 32×32. Four branches see the same maps "
            "at four scales and are put one after the other; the 1×1 convolutions before the large kernels are what "
            "makes them cheap. Unlike in GoogLeNet there is batch normalization. After Szegedy et al., 2014 "
            "(arXiv:1409.4842)."
        ),
        (
            "Dos módulos inception, desplegados para verlos por dentro, para imágenes en color de 32×32. Cuatro ramas ven "
            "los mismos mapas a cuatro escalas y se ponen una tras otra; las convoluciones de 1×1 delante de los kernels "
            "grandes son lo que los abarata. A diferencia de GoogLeNet, hay normalización por lotes. Según Szegedy et al., "
            "2014 (arXiv:1409.4842)."
        ),
    ),
    "tiny-resnet": (
        (
            "Three residual blocks, open to be looked at, for coloured pictures of 32×32. In the first one what came in "
            "is added as it is; in the others, which halve the maps, a 1×1 convolution fits it first. Delete the additions "
            "and train again: with three blocks it still learns, with thirty it would not. After He et al., 2015 "
            "(arXiv:1512.03385)."
        ),
        (
            "Tres bloques residuales, desplegados para verlos por dentro, para imágenes en color de 32×32. En el primero, "
            "lo que entra se suma tal cual; en los otros, que reducen los mapas a la mitad, lo ajusta antes una "
            "convolución de 1×1. Se pueden quitar las sumas y entrenar de nuevo: con tres bloques aún aprende; con treinta, "
            "no lo haría. Según He et al., 2015 (arXiv:1512.03385)."
        ),
    ),
    "tiny-sound": (
        (
            "M5 in small: one second of sound at 8 kHz in, one of ten spoken digits out. The first kernels are 80 samples "
            "wide, a hundredth of a second; look at them after training, and some have become waves of one pitch. After "
            "Dai et al., 2016 (arXiv:1610.00087)."
        ),
        (
            "M5 en pequeño: entra un segundo de sonido a 8 kHz y sale uno de diez dígitos hablados. Los primeros kernels "
            "tienen 80 muestras de ancho, una centésima de segundo; vistos después de entrenar, algunos se han convertido "
            "en ondas de un solo tono. Según Dai et al., 2016 (arXiv:1610.00087)."
        ),
    ),
    "tiny-video": (
        (
            "C3D in small: films of eight pictures of 24×24 in, one of six movements out. No single picture tells right "
            "from left; only a kernel that spans several of them can. Set the kernels to 1×3×3 and watch it fail. After "
            "Tran et al., 2015 (arXiv:1412.0767)."
        ),
        (
            "C3D en pequeño: entran películas de ocho imágenes de 24×24 y sale uno de seis movimientos. Ninguna imagen "
            "suelta distingue la derecha de la izquierda; solo puede hacerlo un kernel que abarque varias. Con kernels de "
            "1×3×3 se ve cómo fracasa. Según Tran et al., 2015 (arXiv:1412.0767)."
        ),
    ),
}
