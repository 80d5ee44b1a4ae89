"""What GoogLeNet, the residual networks and MobileNet were for: a paragraph in English and one in Spanish."""

STORIES: dict[str, tuple[str, str]] = {
    "googlenet": (
        (
            "GoogLeNet won the ImageNet contest of 2014 with a ninth of AlexNet's parameters. New was the inception "
            "module: kernels of 1, 3 and 5 pixels side by side, made affordable by 1×1 convolutions that first bring the "
            "channels down (unfold a module to see them), and a global average pool instead of large dense layers. Two "
            "auxiliary classifiers in the middle, whose loss counts 0.3, bring a fresh gradient to the early layers while "
            "training; afterwards they are taken away, and 6,998,552 of 13,378,280 parameters are left. Szegedy et al., "
            "“Going deeper with convolutions”, 2014 (arXiv:1409.4842)."
        ),
        (
            "GoogLeNet ganó el concurso ImageNet de 2014 con la novena parte de los parámetros de AlexNet. Lo nuevo era "
            "el módulo inception: kernels de 1, 3 y 5 píxeles lado a lado, asequibles gracias a convoluciones de 1×1 que "
            "antes reducen los canales (al desplegar un módulo se ven), y un submuestreo global por la media en lugar de "
            "grandes capas densas. Dos clasificadores auxiliares a media red, cuya pérdida cuenta 0,3, llevan un gradiente "
            "fresco a las primeras capas durante el entrenamiento; después se quitan, y de 13 378 280 parámetros quedan "
            "6 998 552. Szegedy et al., «Going deeper with convolutions», 2014 (arXiv:1409.4842)."
        ),
    ),
    "resnet18": (
        (
            "ResNet-18, the smallest of the residual networks. New was the way around: each block adds what came in to "
            "what its two convolutions make of it, so they need only learn the difference, and the gradient has a road "
            "back that nothing narrows. Plain networks had become worse beyond twenty layers; these became better. Where "
            "the maps halve, a 1×1 convolution fits the way around (unfold block3_1). He, Zhang, Ren and Sun, “Deep "
            "residual learning for image recognition”, 2015 (arXiv:1512.03385)."
        ),
        (
            "ResNet-18, la menor de las redes residuales. Lo nuevo era el atajo: cada bloque suma lo que entra a lo que "
            "hacen con ello sus dos convoluciones, que así solo tienen que aprender la diferencia, y el gradiente tiene "
            "un camino de vuelta que nada estrecha. Las redes simples empeoraban a partir de veinte capas; estas "
            "mejoraban. Donde los mapas se reducen a la mitad, una convolución de 1×1 ajusta el atajo (se ve al desplegar "
            "block3_1). He, Zhang, Ren y Sun, «Deep residual learning for image recognition», 2015 (arXiv:1512.03385)."
        ),
    ),
    "resnet34": (
        (
            "ResNet-34 has the blocks of ResNet-18 and twice the depth; it is the network with which the paper shows its "
            "point: the same 34 layers without the ways around learn worse than 18 layers do, with them better. Remove "
            "the additions and train both to see it. He, Zhang, Ren and Sun, “Deep residual learning for image "
            "recognition”, 2015 (arXiv:1512.03385)."
        ),
        (
            "ResNet-34 tiene los bloques de ResNet-18 y el doble de profundidad; con ella demuestra el artículo su tesis: "
            "las mismas 34 capas sin los atajos aprenden peor que 18 capas; con ellos, mejor. Para verlo basta quitar las "
            "sumas y entrenar ambas. He, Zhang, Ren y Sun, «Deep residual learning for image recognition», 2015 "
            "(arXiv:1512.03385)."
        ),
    ),
    "resnet50": (
        (
            "ResNet-50, still the network against which others are measured. Its blocks are bottlenecks: 1×1 kernels "
            "bring the channels down to a quarter, 3×3 kernels filter, 1×1 kernels bring them up again. A family of the "
            "same blocks, 152 layers deep, won the ImageNet contest of 2015. As in today's implementations (“v1.5”), a "
            "block that halves the maps does so in its 3×3 convolution; the paper did it in the first 1×1. He, Zhang, Ren "
            "and Sun, “Deep residual learning for image recognition”, 2015 (arXiv:1512.03385)."
        ),
        (
            "ResNet-50, todavía la red con la que se comparan las demás. Sus bloques son cuellos de botella: kernels de "
            "1×1 reducen los canales a la cuarta parte, kernels de 3×3 filtran y otros de 1×1 los devuelven. Una red de "
            "los mismos bloques, con 152 capas, ganó el concurso ImageNet de 2015. Como en las implementaciones actuales "
            "(«v1.5»), el bloque que reduce los mapas a la mitad lo hace en su convolución de 3×3; el artículo lo hacía en "
            "la primera de 1×1. He, Zhang, Ren y Sun, «Deep residual learning for image recognition», 2015 "
            "(arXiv:1512.03385)."
        ),
    ),
    "mobilenet": (
        (
            "MobileNet was made for telephones. Each of its blocks takes a convolution apart: a depthwise one filters "
            "every channel by itself, a 1×1 one mixes them, with normalization and ReLU after each. That costs eight to "
            "nine times fewer multiplications than a 3×3 convolution and loses about one point of accuracy: 4,231,976 "
            "parameters do what VGG-16 does with 138 million. Howard et al., “MobileNets: efficient convolutional neural "
            "networks for mobile vision applications”, 2017 (arXiv:1704.04861)."
        ),
        (
            "MobileNet se hizo para teléfonos. Cada uno de sus bloques descompone una convolución: una por canales "
            "(depthwise) filtra cada canal por separado y otra de 1×1 los mezcla, con normalización y ReLU tras cada una. "
            "Cuesta de ocho a nueve veces menos multiplicaciones que una convolución de 3×3 y pierde alrededor de un punto "
            "de exactitud: 4 231 976 parámetros hacen lo que VGG-16 con 138 millones. Howard et al., «MobileNets: "
            "efficient convolutional neural networks for mobile vision applications», 2017 (arXiv:1704.04861)."
        ),
    ),
}
